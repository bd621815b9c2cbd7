"""SQL of the facts that few vehicles have: out of use, expired, kept by their unit, electric.

Each is one statement over all vehicles. A fact is a dictionary by the vehicle's number; whoever
doesn't stand in it has the default of `VehicleChoice`.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.ordered import ordered_m
from fleet.documents.store import ends_of
from fleet.documents.words import DocumentKind
from fleet.lists import within
from fleet.outages.store import outages_of
from fleet.outages.words import OutageKind
from fleet.rules import RuleKey, effective
from fleet.rules.dispatching import CrossUnitRule
from fleet.rules.many import effective_in
from fleet.tables import Vehicle
from fleet.words import Energy
from kit.clock import shanghai_day

Facts = Mapping[str, Mapping[int, Hashable]]

_ENDED = {
    DocumentKind.COMPULSORY_INSURANCE: "insurance_ended",
    DocumentKind.ANNUAL_INSPECTION: "inspection_ended",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """For which ride the facts are looked up.

    unit_no: whose rule says how full a battery counts
    day: the Shanghai day on which the ride begins
    apart_from: the order that is being changed, which takes no range from itself
    """

    unit_no: int
    period: Range[datetime]
    day: Range[datetime]
    now: datetime
    apart_from: UUID | None = None


async def facts_of(
    session: AsyncSession,
    units: Mapping[int, int],
    asked: Asked,
    electric: Sequence[int] | None = None,
) -> dict[str, Mapping[int, Hashable]]:
    """Return the facts by their names in `VehicleChoice`, each by the vehicle's number.

    units: the numbers of the units that use the vehicles, by the vehicles' numbers
    electric: which of the vehicles are, where that is known: nothing is asked of none
    """
    nos = units.keys()
    facts: dict[str, Mapping[int, Hashable]] = {}
    facts |= await _out_of_use(session, nos, asked.period)
    facts |= await _ended(session, nos, asked.period)
    facts["closed_to_others"] = await _closed(session, units, asked.now)
    facts["range_m"] = await _ranges(session, nos if electric is None else electric, asked)
    return facts


async def _out_of_use(session: AsyncSession, nos: Iterable[int], period: Range[datetime]) -> Facts:
    """Return the gravest outage of each vehicle that has any, and its end."""
    kinds: dict[int, OutageKind] = {}
    ends: dict[int, datetime | None] = {}
    for no, kind, end in await outages_of(session, nos, period):
        if kinds.get(no) is not OutageKind.DEFECT:
            kinds[no], ends[no] = kind, end
    return {"out_of_use": kinds, "out_of_use_until": ends}


async def _ended(session: AsyncSession, nos: Iterable[int], period: Range[datetime]) -> Facts:
    """Return when insurance and inspection ended, where they do so before the period's end."""
    assert period.upper is not None
    ends = await ends_of(session, nos, _ENDED, before=shanghai_day(period.upper))
    found: dict[str, dict[int, Hashable]] = {name: {} for name in _ENDED.values()}
    for (no, kind), ended in ends.items():
        found[_ENDED[kind]][no] = ended
    return found


async def _closed(
    session: AsyncSession, units: Mapping[int, int], now: datetime
) -> dict[int, bool]:
    said = await effective_in(session, RuleKey.CROSS_UNIT, set(units.values()), now)
    closed = {no for no, value in said.items() if value is CrossUnitRule.CLOSED}
    return {no: True for no, unit_no in units.items() if unit_no in closed} if closed else {}


async def _ranges(session: AsyncSession, nos: Collection[int], asked: Asked) -> dict[int, int]:
    """Return how far electric vehicles may drive on that day beside what they are ordered for."""
    if not nos:
        return {}
    rows = (
        await session.execute(
            select(Vehicle.no, Vehicle.battery_kwh, Vehicle.norm_wh_per_100km).where(
                within(Vehicle.no, nos),
                Vehicle.energy == Energy.ELECTRIC,
                Vehicle.battery_kwh > 0,
                Vehicle.norm_wh_per_100km > 0,
            )
        )
    ).all()
    if not rows:
        return {}
    percent = (await effective(session, RuleKey.CHARGED_PERCENT, asked.unit_no, asked.now)).value
    nos = [row.no for row in rows]
    ordered = await ordered_m(session, nos, asked.day, asked.apart_from)
    return {
        row.no: row.battery_kwh * percent * 1_000_000 // row.norm_wh_per_100km - ordered[row.no]
        for row in rows
    }
