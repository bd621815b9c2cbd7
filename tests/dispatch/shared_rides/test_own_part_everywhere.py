"""Whoever rides in a shared order finds nothing of the others in any answer, nor in what is posted.

Each rider asks for all that the API has: before departure one of them, after the return the other.
"""

from kit.clock import shanghai_day, utc_now
from tests.dispatch.everything import everything, told
from tests.dispatch.office import Json, Office, let_leave_early, ok
from tests.dispatch.shared_rides.rides import (
    A_PLACE,
    A_TOLD,
    B_PLACE,
    B_TOLD,
    beside,
    join,
)
from tests.dispatch.shared_rides.rides import asked as ask

TO_A, TO_B = "甲局会场", "乙局调研点"
WHY = "同去会议中心"


async def test_no_answer_tells_a_rider_of_the_others_nor_does_the_publicity(office: Office) -> None:
    await let_leave_early(office)
    first = await ask(office, "a", destination=beside(0.03, TO_A))
    order = ok(await office.assign(first, "a1", "a1"), 201)
    second = await ask(
        office, "b", purpose="inspection", destination=beside(0.029, TO_B), passengers=2
    )
    order = await join(office, second, order, override=True, reason=WHY)
    world = office.world
    of_b = [B_TOLD, B_PLACE, TO_B, second["id"], str(world.people["applicant_b"].id), WHY]
    of_a = [A_TOLD, A_PLACE, TO_A, first["id"], str(world.people["applicant_a"].id), WHY]
    answers = await everything(office, "applicant_a", ids_of(office, first, order))
    assert f"/api/v1/orders/{order['id']}" in answers
    assert told(answers, of_b) == []
    await office.drive(order)
    answers = await everything(office, "applicant_b", ids_of(office, second, order))
    assert told(answers, of_a) == []

    # The unit's own passengers are posted as ever; of the others that they rode along.
    month = f"{shanghai_day(utc_now()):%Y-%m}"
    (row,) = ok(await office.get("clerk_a", "/reports/publicity", month=month))["rows"]
    assert (row["purpose_label"], row["place"]) == ("会议、合乘", TO_A)
    (row,) = ok(await office.get("clerk_b", "/reports/publicity", month=month))["rows"]
    assert (row["purpose_label"], row["place"]) == ("调研检查、合乘", TO_B)


def ids_of(office: Office, own: Json, order: Json) -> dict[str, str]:
    return {
        "order_id": order["id"],
        "request_id": own["id"],
        "vehicles": str(office.world.vehicles["a1"].id),
        "drivers": str(office.world.drivers["a1"].id),
    }
