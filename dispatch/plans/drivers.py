"""SQL of the drivers of a day that is to be planned: when and how long each may drive."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.fitting import PoolVehicle, seconds
from dispatch.capacity.model import Span
from dispatch.capacity.spans import gaps, span_of
from dispatch.eligibility.duty_hours import counted_s, week_of
from dispatch.orders.states import OrderState
from dispatch.plans.duty import LIMITS
from dispatch.plans.model import Crew
from dispatch.tables import Order
from fleet.lists import in_force, within
from fleet.people.licences import may_drive
from fleet.tables import Driver, DriverLeave, DriverUnit, DutyShift, Person

REST_S = 8 * 3600
"""The least rest between two days of duty: an assumption of ours, which the page names."""
WEEKS = timedelta(days=28)
"""Over how long the work before counts when it is shared out."""
_AROUND = timedelta(hours=12)
_WHOLE_WEEK_S = 7 * LIMITS.planned_day_s


@dataclass(frozen=True, slots=True)
class DriverRow:
    """A driver of the organisation on that day."""

    no: int
    licence_class: str
    licence_until: datetime | None


async def drivers_of(session: AsyncSession, organisation_no: int, at: datetime) -> list[DriverRow]:
    """Return the drivers whom an organisation employs at an instant, by their numbers."""
    rows = await session.execute(
        select(Driver.no, Driver.licence_class, Driver.licence_until)
        .join(DriverUnit, DriverUnit.driver_no == Driver.no)
        .join(Person, Person.no == Driver.person_no)
        .where(
            DriverUnit.organisation_no == organisation_no,
            in_force(DriverUnit.period, at),
            Person.disabled_at.is_(None),
        )
        .order_by(Driver.no)
    )
    return [DriverRow(*row) for row in rows]


async def crews_of(
    session: AsyncSession,
    drivers: Sequence[DriverRow],
    vehicles: Sequence[PoolVehicle],
    day: tuple[datetime, datetime],
) -> tuple[list[Crew], int]:
    """Return the drivers of a day, and how many of them are never free on it."""
    nos = [one.no for one in drivers]
    reach = Range(day[0] - _AROUND, day[1] + _AROUND, bounds="[)")
    leaves = await _spans(session, DriverLeave, nos, reach)
    shifts = await _spans(session, DutyShift, nos, reach)
    ordered = await orders_of(session, nos, day)
    crews = []
    for one in drivers:
        free = free_of(day, shifts[one.no], leaves[one.no], ordered[one.no])
        day_s, week_s, before_s = hours_of(day[0], ordered[one.no])
        cars = frozenset(
            v
            for v, vehicle in enumerate(vehicles)
            if may_drive(one.licence_class, vehicle.choice.body, vehicle.choice.seats)
            and (one.licence_until is None or one.licence_until >= day[1])
        )
        crews.append(
            Crew(
                cars,
                tuple(free),
                LIMITS.planned_day_s - day_s,
                LIMITS.planned_week_s - week_s if week_s else _WHOLE_WEEK_S,
                before_s,
            )
        )
    return crews, sum(not crew.free for crew in crews)


def free_of(
    day: tuple[datetime, datetime],
    shifts: Iterable[Span],
    leaves: Iterable[Span],
    ordered: Iterable[Span],
) -> list[Span]:
    """Return when a driver may be on the road: in shifts where any are planned for the day.

    What began before the day is followed by its rest, also where it ended on the day, and what
    begins after it is preceded by one; orders that begin on the day keep only their time. Who is
    free only before or after the day isn't free on it.
    """
    today, window = (seconds(day[0]), seconds(day[1])), window_of(day)
    planned = [span for span in shifts if span[0] < today[1] and today[0] < span[1]]
    taken = list(leaves)
    for start, end in ordered:
        before_s = REST_S if start >= today[1] else 0
        after_s = REST_S if start < today[0] else 0
        taken.append((start - before_s, end + after_s))
    free = [gap for span in (planned or [window]) for gap in gaps(taken, span)]
    return [gap for gap in free if gap[0] < today[1] and today[0] < gap[1]]


def window_of(day: tuple[datetime, datetime]) -> Span:
    """Return when a driver may be out for a day at all, where no shift says otherwise."""
    around_s = int(_AROUND.total_seconds())
    return seconds(day[0]) - around_s, seconds(day[1]) + around_s


def is_rested(
    day: tuple[datetime, datetime], ride: Range[datetime], others: Iterable[Span]
) -> bool:
    """Whether a driver who is ordered for the others drives this of the day after and before rest.

    Shifts and leave are asked elsewhere.
    """
    start, end = span_of(ride)
    return any(free[0] <= start and end <= free[1] for free in free_of(day, (), (), others))


def hours_of(day_start: datetime, ordered: Iterable[Span]) -> tuple[int, int, int]:
    """Return what is ordered of a driver on the day, in its week, and in the weeks before."""
    start = seconds(day_start)
    day = start, start + 86_400
    week = tuple(seconds(one) for one in week_of(day_start))
    before = start - int(WEEKS.total_seconds()), start
    day_s = week_s = before_s = 0
    for span in ordered:
        day_s += _common_s(span, day)
        week_s += counted_s(_common_s(span, (week[0], week[1])), LIMITS.planned_day_s)
        before_s += counted_s(_common_s(span, before), LIMITS.planned_day_s)
    return day_s, week_s, before_s


def _common_s(one: Span, other: Span) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


async def _spans(
    session: AsyncSession,
    table: type[DriverLeave] | type[DutyShift],
    nos: Sequence[int],
    reach: Range[datetime],
) -> defaultdict[int, list[Span]]:
    rows = await session.execute(
        select(table.driver_no, table.period).where(
            within(table.driver_no, nos),
            table.withdrawn_at.is_(None),
            table.period.overlaps(reach),
        )
    )
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for no, period in rows:
        found[no].append(span_of(period))
    return found


async def orders_of(
    session: AsyncSession, nos: Sequence[int], day: tuple[datetime, datetime]
) -> defaultdict[int, list[Span]]:
    """Return what drivers were and are ordered for, from weeks before to the end of the week."""
    reach = Range(day[0] - WEEKS, week_of(day[0])[1] + _AROUND, bounds="[)")
    rows = await session.execute(
        select(Order.driver_no, Order.period).where(
            within(Order.driver_no, nos),
            Order.state != OrderState.CANCELLED,
            Order.period.overlaps(reach),
        )
    )
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for no, period in rows:
        if no is not None:
            found[no].append(span_of(period))
    return found
