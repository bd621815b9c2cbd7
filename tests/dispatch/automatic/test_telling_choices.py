"""What auto-dispatch chose is told as its own, with the round in which it was decided."""

from sqlalchemy import select

from dispatch.suggestions.choice_store import choices_of
from dispatch.tables import AutoDispatchNote, AutoDispatchRound, Order
from kit.clock import utc_now
from kit.database import transaction
from kit.ids import new_id
from tests.dispatch.automatic.conftest import Made
from tests.dispatch.automatic.telling import order_of, said
from tests.dispatch.office import Office, ok
from tests.dispatch.test_suggestions import see


async def lines_of(office: Office, order_id: str) -> list[str]:
    told = ok(await office.get("dispatcher", f"/orders/{order_id}/explanation"))
    return list(told["lines"])


async def test_automatic_choice_is_told_as_automatic_and_with_its_round(
    desk_of: Office, dispatcher: Made
) -> None:
    office = desk_of
    await said(office, "assign")
    await see(office, "a1", 0.01)
    request = await office.approved()
    await dispatcher().step()
    order = await order_of(office, request)
    lines = await lines_of(office, order["id"])
    by = next(line for line in lines if " was assigned " in line)
    assert "was assigned automatically, in the name of" in by
    assert not any("in a round" in line for line in lines)
    now = utc_now()
    kept = AutoDispatchRound(
        id=new_id(),
        at=now,
        method="batch",
        versions={},
        requests=[
            {"request": request["id"], "vehicle_no": 1, "arrival_s": 60, "cost_s": 70},
            {"request": str(new_id()), "vehicle_no": None, "arrival_s": None, "cost_s": None},
        ],
    )
    async with transaction(office.sessions) as session:
        session.add(kept)
        await session.flush()
        note = (await session.scalars(select(AutoDispatchNote))).one()
        note.round_id = kept.id
    lines = await lines_of(office, order["id"])
    (told,) = (line for line in lines if "in a round" in line)
    assert told.startswith("Decided at ")
    assert "a round (batch) of 2 requests" in told
    assert "can't be replayed" in told
    # What is no request of a unit that the dispatcher works for is counted, and not named.
    assert "- of units for which others dispatch: 1 more" in lines
    assert not any(kept.requests[1]["request"] in line for line in lines)
    assert any("arrives in 60 s, cost 70 s" in line for line in lines)
    async with office.sessions() as session:
        (choice,) = await choices_of(session, await session.get_one(Order, order["id"]))
    assert (choice.automatic, choice.round.method if choice.round else None) == (True, "batch")
