"""Orders made together are those made one after the other: same rules, same rows, same journal."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.orders.booking import assign
from dispatch.orders.together.booking import assign_together
from dispatch.orders.together.wishes import Wish, next_wave
from dispatch.requests.schemas import AssignmentIn
from dispatch.tables import Order, OrderRequest, OrderStep, Promise, Request, RequestStep, Slip
from fleet.access import Actor, load_stand_in
from fleet.acts import Act
from fleet.journal.tables import JournalEntry
from kit.clock import utc_now
from kit.errors import DomainError
from tests.dispatch.capacity.promising import reserve
from tests.dispatch.office import Json, Office, ok

_NOT_COMPARED = {"no", "id", "recorded_at", "header", "salt", "payload", "old_before", "old_after"}


@dataclass(frozen=True)
class Case:
    """Who is to get which vehicle and driver."""

    request: Json
    vehicle: str
    driver: str


Made = Callable[[AsyncSession, Actor, datetime], Awaitable[list[Order | DomainError]]]


async def cases(office: Office) -> list[Case]:
    """Rides that are plain, that meet another's rules, and that can't be."""
    far = {"start_in": timedelta(hours=31), "hours": 1}
    later = {"start_in": timedelta(hours=33), "hours": 1}
    for _ in range(2):
        await reserve(office, await office.approved(start_in=timedelta(hours=30), hours=2))
    ok(await office.assign(await office.approved(**far), "a2", "b2"), 201)
    shown = await office.approved(**far)
    ok(await office.post("dispatcher", f"/requests/{shown['id']}/suggestions"), 201)
    reserved = await office.approved(start_in=timedelta(hours=40), hours=2)
    await reserve(office, reserved)
    return [
        Case(shown, "a1", "a1"),
        Case(await office.approved(**later), "a1", "a1"),  # the same pair again
        Case(await office.approved(**far), "b1", "b1"),  # of another unit
        Case(await office.approved(**far), "pool1", "pool1"),  # breaks what others were promised
        Case(await office.approved(**far), "a2", "a2"),  # a vehicle that is busy
        Case(await office.approved(**far), "a3", "a1"),  # a driver who is, by the first of these
        Case(reserved, "pool2", "pool2"),
    ]


async def left_behind(office: Office, make: Made, now: datetime) -> tuple[list[str], list[str]]:
    """Return what came of each ride, and all that was written; nothing of it stays."""
    async with office.sessions() as session:
        newest = await session.scalar(select(func.max(JournalEntry.no))) or 0
        step = await session.scalar(select(func.max(RequestStep.no))) or 0
        actor = await load_stand_in(session, office.world.people["dispatcher"].no, now)
        assert actor is not None
        outcomes = await make(session, replace(actor, automatic=False), now)
        await session.flush()
        orders = [one.id for one in outcomes if isinstance(one, Order)]
        rows: list[object] = []
        for statement in (
            select(Order).where(Order.id.in_(orders)),
            select(OrderStep).where(OrderStep.order_id.in_(orders)),
            select(OrderRequest).where(OrderRequest.order_id.in_(orders)),
            select(Promise).where(Promise.order_id.in_(orders)),
            select(RequestStep).where(RequestStep.no > step),
            select(Request),
            select(Slip),
            select(JournalEntry).where(JournalEntry.no > newest),
        ):
            rows += [_row(one) for one in await session.scalars(statement)]
        told = [json.dumps(row, ensure_ascii=False, default=str, sort_keys=True) for row in rows]
        for n, id in enumerate(orders):
            told = [row.replace(str(id), f"order {n}") for row in told]
        await session.rollback()
        return [type(one).__name__ for one in outcomes], sorted(told)


def _row(one: object) -> dict[str, object]:
    names = [attribute.key for attribute in type(one).__mapper__.column_attrs]  # type: ignore[attr-defined]
    values = {name: getattr(one, name) for name in names if name not in _NOT_COMPARED}
    if isinstance(one, JournalEntry):
        values |= {"before": one.before, "after": one.after}
    return {"table": type(one).__name__, **values}


def one_by_one(office: Office, wanted: Sequence[Case], reason: str | None) -> Made:
    async def make(session: AsyncSession, actor: Actor, now: datetime) -> list[Order | DomainError]:
        found: list[Order | DomainError] = []
        for case in wanted:
            choice = AssignmentIn(
                vehicle_id=office.world.vehicles[case.vehicle].id,
                driver_id=office.world.drivers[case.driver].id,
                revision=case.request["revision"],
                reason=reason,
                override=True,
            )
            try:
                async with session.begin_nested():
                    id = UUID(case.request["id"])
                    found.append(await assign(session, actor, id, choice, now, "::1"))
            except DomainError as error:
                found.append(error)
        return found

    return make


def together(office: Office, wanted: Sequence[Case], reason: str | None) -> Made:
    async def make(session: AsyncSession, actor: Actor, now: datetime) -> list[Order | DomainError]:
        ids = [UUID(case.request["id"]) for case in wanted]
        rows = await session.scalars(select(Request).where(Request.id.in_(ids)).with_for_update())
        requests = {row.id: row for row in rows}
        wishes = [
            Wish(
                requests[UUID(case.request["id"])],
                office.world.vehicles[case.vehicle].no,
                office.world.drivers[case.driver].no,
            )
            for case in wanted
        ]
        return await assign_together(session, Act(actor, now, "::1", reason), actor, wishes)

    return make


async def test_orders_made_together_leave_the_same_behind_as_one_after_the_other(
    office: Office,
) -> None:
    wanted, now = await cases(office), utc_now()
    for reason in ("会议保障", None):
        kinds, single = await left_behind(office, one_by_one(office, wanted, reason), now)
        assert kinds == [
            "Order",
            "Order",
            "Order",
            "Order" if reason else "OverrideNeedsReason",
            "VehicleBusy",
            "DriverBusy",
            "Order",
        ]
        found, bulk = await left_behind(office, together(office, wanted, reason), now)
        assert found == kinds
        assert bulk == single
        assert any("overridden" in row for row in bulk) == bool(reason)


def test_nobody_is_overtaken_by_who_uses_the_same() -> None:
    request = Request()
    wishes = [Wish(request, v, d) for v, d in ((1, 1), (2, 2), (1, 3), (4, 3), (5, 5))]
    wave, later = next_wave(wishes, lambda one: (f"v{one.vehicle_no}", f"d{one.driver_no}"))
    assert wave == [wishes[0], wishes[1], wishes[4]]
    assert later == [wishes[2], wishes[3]]
