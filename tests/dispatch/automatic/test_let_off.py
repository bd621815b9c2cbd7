"""What a dispatcher lets off a shared order is left to people; who agrees no longer is served."""

from datetime import timedelta

import pytest

from tests.dispatch.automatic.conftest import Made
from tests.dispatch.automatic.telling import notes_of, said, state_of
from tests.dispatch.office import Json, Office, ok
from tests.dispatch.test_suggestions import see


@pytest.fixture
async def shared(desk_of: Office, sharing_kernel: None) -> tuple[Json, Json]:
    """A request that has joined the order of another one, and that order."""
    both = {"passengers": 1, "may_share": True, "start_in": timedelta(hours=4)}
    order = ok(await desk_of.assign(await desk_of.approved(**both), "a1", "a1"), 201)
    second = await desk_of.approved(**both)
    body = {
        "order_id": order["id"],
        "revision": second["revision"],
        "order_revision": order["revision"],
        "override": True,
        "reason": "同路",
    }
    path = f"/requests/{second['id']}"
    order = ok(await desk_of.post("dispatcher", f"{path}/join", body))
    return ok(await desk_of.get("applicant_a", path)), order


async def test_what_a_dispatcher_lets_off_a_shared_order_is_left_to_people(
    desk_of: Office, dispatcher: Made, shared: tuple[Json, Json]
) -> None:
    request, order = shared
    await said(desk_of, "assign")
    await see(desk_of, "a2", 0.01)
    body = {"request_id": request["id"], "revision": order["revision"], "reason": "另派大车"}
    ok(await desk_of.post("dispatcher", f"/orders/{order['id']}/leave", body))
    await dispatcher().step()
    assert await notes_of(desk_of, request) == [("left", "taken_back")]
    assert await state_of(desk_of, request) == "awaiting_dispatch"


async def test_who_no_longer_agrees_to_share_is_assigned_a_vehicle_by_themselves(
    desk_of: Office, dispatcher: Made, shared: tuple[Json, Json]
) -> None:
    request, order = shared
    await said(desk_of, "assign")
    await see(desk_of, "a2", 0.01)
    body = {"revision": request["revision"], "agreed": False}
    ok(await desk_of.post("applicant_a", f"/requests/{request['id']}/sharing", body))
    told = ok(await desk_of.get("applicant_a", f"/requests/{request['id']}"))
    assert told["steps"][-1]["action"] == "revoke_consent"
    await dispatcher().step()
    assert await notes_of(desk_of, request) == [("assigned", None)]
    served = ok(await desk_of.get("dispatcher", f"/requests/{request['id']}"))["order"]
    assert served["id"] != order["id"]
