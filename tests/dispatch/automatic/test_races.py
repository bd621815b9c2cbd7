"""Two workers, people who are faster, and ends in the middle: nothing is done twice or by half."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from dispatch.automatic.deciding import decide
from dispatch.automatic.desk import LEASES, Desk
from dispatch.automatic.state import Bounds
from dispatch.automatic.waiting import Awaiting, awaiting
from dispatch.suggestions.weighing import Sources
from dispatch.tables import AutoDispatchNote, Order, Slip, Suggestion
from kit.clock import utc_now
from kit.database import Sessions, driver_url, transaction
from tests.dispatch.automatic.conftest import LEASE, Made, straight
from tests.dispatch.automatic.telling import notes_of, said, state_of
from tests.dispatch.office import Office, ok
from tests.dispatch.test_suggestions import see
from tracking.leases import LeaseLost


async def _counts(sessions: Sessions) -> dict[str, int]:
    async with sessions() as session:
        return {
            table.__tablename__: await session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Order, Slip, Suggestion, AutoDispatchNote)
        }


async def test_of_two_workers_one_dispatches_and_the_other_takes_over_when_it_stops(
    desk_of: Office, dispatcher: Made
) -> None:
    await said(desk_of, "assign")
    await see(desk_of, "a1", 0.01)
    request = await desk_of.approved()
    first, second = dispatcher("worker 1"), dispatcher("worker 2")
    made = await asyncio.gather(first.step(), second.step())
    assert sorted(made) == [False, True]
    assert await notes_of(desk_of, request) == [("assigned", None)]
    holder, other = (first, second) if made[0] else (second, first)
    await holder.stop()
    other._renew_at = 0.0
    assert await other.step()
    assert other.state.held


async def test_two_that_assign_at_once_make_one_order(desk_of: Office) -> None:
    await said(desk_of, "assign")
    for vehicle in ("a1", "a2"):
        await see(desk_of, vehicle, 0.01)
    await desk_of.approved()
    desk, waits = await _desk(desk_of.sessions)
    done = await asyncio.gather(
        *(decide(desk, waits, 100) for _ in range(4)), return_exceptions=True
    )
    counts = await _counts(desk_of.sessions)
    assert (counts["orders"], counts["slip"], counts["auto_dispatch_note"]) == (1, 1, 1)
    assert sum(1 for one in done if one is not None and not isinstance(one, Exception)) == 1


async def test_an_owner_that_has_lost_its_lease_commits_nothing(
    desk_of: Office, dispatcher: Made
) -> None:
    await said(desk_of, "assign")
    await see(desk_of, "a1", 0.01)
    await desk_of.approved()
    desk, waits = await _desk(desk_of.sessions)
    async with transaction(desk_of.sessions) as session:
        await session.execute(text("UPDATE dispatch_lease SET epoch = epoch + 1"))
    with pytest.raises(LeaseLost):
        await decide(desk, waits, 100)
    assert set((await _counts(desk_of.sessions)).values()) == {0}


@pytest.mark.parametrize("action", ["withdraw", "send_back"])
async def test_a_request_that_changes_in_the_middle_of_a_round_is_left_alone(
    desk_of: Office, dispatcher: Made, action: str
) -> None:
    await said(desk_of, "assign")
    await see(desk_of, "a1", 0.01)
    request = await desk_of.approved()
    desk, waits = await _desk(desk_of.sessions)
    who = {"withdraw": "applicant_a", "send_back": "dispatcher"}[action]
    body = {"revision": request["revision"], "reason": "计划有变"}
    ok(await desk_of.post(who, f"/requests/{request['id']}/{action}", body))
    assert await decide(desk, waits, 100) is None
    assert set((await _counts(desk_of.sessions)).values()) == {0}


async def test_a_process_that_dies_with_its_work_done_but_the_commit_leaves_nothing(
    desk_of: Office, dispatcher: Made, database_url: str
) -> None:
    await said(desk_of, "assign")
    await see(desk_of, "a1", 0.01)
    request = await desk_of.approved()
    engine = create_async_engine(driver_url(database_url))
    async with engine.connect() as keeper, engine.connect() as looker:
        # The slip's number comes last: the order is written, and waits for this lock.
        await keeper.execute(text("LOCK TABLE slip_counter IN ACCESS EXCLUSIVE MODE"))
        working = asyncio.create_task(dispatcher().step())
        backend = await _until_blocked(looker)
        await looker.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})
        with pytest.raises(Exception, match="terminat"):
            await working
        await keeper.rollback()
    await engine.dispose()
    assert set((await _counts(desk_of.sessions)).values()) == {0}
    assert await state_of(desk_of, request) == "awaiting_dispatch"
    await dispatcher().step()
    assert await state_of(desk_of, request) == "assigned"


async def test_what_stays_wrong_with_one_request_keeps_no_other_waiting(
    desk_of: Office, dispatcher: Made
) -> None:
    await said(desk_of, "assign")
    await see(desk_of, "a1", 0.01)
    await see(desk_of, "b1", 0.01)
    bad = await desk_of.approved()
    good = await desk_of.approve(await desk_of.ask("applicant_b"), "approver_b")
    calls = 0

    def sources() -> Sources:
        nonlocal calls
        calls += 1
        if calls <= 2:
            raise ValueError("the map is unreadable")
        return straight()

    system = dispatcher(sources=sources)
    await system.step()
    assert await state_of(desk_of, bad) == "awaiting_dispatch"
    assert await state_of(desk_of, good) == "assigned"
    assert system.state.failures == 2


async def test_assignments_a_minute_are_bounded_for_all_workers_together(
    desk_of: Office, dispatcher: Made
) -> None:
    await said(desk_of, "assign")
    for vehicle in ("a1", "a2"):
        await see(desk_of, vehicle, 0.01)
    first = await desk_of.approved()
    second = await desk_of.approved(start_in=timedelta(hours=1))
    system = dispatcher(bounds=Bounds(per_minute=1))
    await system.step()
    assert await state_of(desk_of, first) == "assigned"
    assert await notes_of(desk_of, second) == [("left", "pace")]


async def _desk(sessions: Sessions) -> tuple[Desk, Awaiting]:
    """Return a desk that holds the lease, and the one request that waits."""
    async with transaction(sessions) as session:
        await LEASES.prepare(session, 1)
        held = await LEASES.hold(session, "worker 1", 1, LEASE)
    async with transaction(sessions) as session:
        (waits,) = await awaiting(session, utc_now())
    return Desk(sessions, "worker 1", held, LEASE, straight, utc_now), waits


async def _until_blocked(looker: AsyncConnection) -> int:
    async with asyncio.timeout(20):
        while True:
            await looker.rollback()
            pid = await looker.scalar(
                text(
                    "SELECT pid FROM pg_locks WHERE relation = 'slip_counter'::regclass "
                    "AND NOT granted LIMIT 1"
                )
            )
            if pid is not None:
                return int(pid)
            await asyncio.sleep(0.02)
