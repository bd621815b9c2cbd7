"""What slips and runs of a whole database must add up to, whatever people did."""

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from audit.explained import DrivenTrip, Kind, explain
from audit.uses import Use
from dispatch.explaining import MARGIN, explanations
from dispatch.orders.runs import Run, runs_of_orders
from dispatch.orders.states import OUT, OrderAction
from dispatch.slips.content import planned_times
from dispatch.tables import Order, OrderStep, Slip, SlipAmendment
from fleet.tables import Driver, Person, Vehicle


async def amendments_add_up(session: AsyncSession, ordered: dict[UUID, Order]) -> None:
    """Assert that a slip as issued and its amendments make what holds now, in numbers 1 to n."""
    registered = select(Vehicle.no, Vehicle.plate)
    plates = dict((await session.execute(registered)).all())
    people = select(Driver.no, Person.name).join(Person, Person.no == Driver.person_no)
    names = dict((await session.execute(people)).all())
    amended: dict[UUID, list[SlipAmendment]] = defaultdict(list)
    rows = select(SlipAmendment).order_by(SlipAmendment.slip_id, SlipAmendment.number)
    for one in await session.scalars(rows):
        amended[one.slip_id].append(one)
    for slip in await session.scalars(select(Slip)):
        printed = {item: slip.content[item] for item in ("plate", "driver", "times_planned")}
        for n, one in enumerate(amended[slip.id], start=1):
            assert (one.number, one.was) == (n, printed.get(one.item, one.was))
            printed[one.item] = one.becomes
        order = ordered[slip.order_id]
        start, end = order.period.lower, order.period.upper
        assert order.vehicle_no is not None
        assert order.driver_no is not None
        assert start is not None
        assert end is not None
        printed.pop("cross_unit", None)
        assert printed == {
            "plate": plates[order.vehicle_no],
            "driver": names[order.driver_no],
            "times_planned": planned_times(start, end),
        }


async def runs_follow_each_other(session: AsyncSession, ordered: dict[UUID, Order]) -> None:
    """Assert that an order's time on the road is divided among its runs, and so its kilometres."""
    runs = await runs_of_orders(session, list(ordered.values()))
    swaps = await _swaps_on_the_road(session)
    for order_id, parts in runs.items():
        order = ordered[order_id]
        assert order.departed_at is not None
        # One that is swapped at the very instant of its departure has driven nothing.
        assert [run.start for run in parts] == sorted({order.departed_at, *swaps[order_id]})
        assert all(one.end == following.start for one, following in pairwise(parts))
        assert (parts[-1].end is None) == (order.state in OUT)
    vehicles = {run.vehicle_no for parts in runs.values() for run in parts}
    for vehicle_no in vehicles:
        if vehicle_no is not None:
            await _is_explained_by_who_drove(session, vehicle_no, runs)


async def _swaps_on_the_road(session: AsyncSession) -> dict[UUID, list[datetime]]:
    rows = select(OrderStep).where(
        OrderStep.action.in_((OrderAction.SWAP_VEHICLE, OrderAction.SWAP_DRIVER)),
        OrderStep.from_state.in_(OUT),
    )
    found: dict[UUID, list[datetime]] = defaultdict(list)
    for step in await session.scalars(rows):
        found[step.order_id].append(step.tapped_at)
    return found


async def _is_explained_by_who_drove(
    session: AsyncSession, vehicle_no: int, runs: dict[UUID, list[Run]]
) -> None:
    """Assert that a metre a minute is explained by at most one order, on which the vehicle was."""
    starts = [run.start for parts in runs.values() for run in parts]
    trip = DrivenTrip(UUID(int=1), min(starts) - MARGIN, range(0, 7200, 60), [1] * 119)
    found = await explanations(session, vehicle_no, trip.time(0), trip.time(119))
    legs = explain(trip, found, [Use(1, None, None, None)])
    assert sum(leg.metres for leg in legs) == 119
    for leg in legs:
        if leg.kind is Kind.ORDERED and leg.source_id is not None:
            assert any(
                run.vehicle_no == vehicle_no and _spans(run, leg.start, leg.end)
                for run in runs[leg.source_id]
            )


def _spans(run: Run, start: datetime, end: datetime) -> bool:
    """Whether a leg lies in a run with its margins, but for the pair in which it begins."""
    until = run.end + MARGIN if run.end else end
    return run.start - MARGIN <= start + timedelta(seconds=60) and end <= until + MARGIN
