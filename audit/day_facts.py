"""What a finding falls on: the kind of its day, and the sealing under which the vehicle stood.

Both stand among the figures, by the calendar of the unit's region at judging time, so that a
finding judged by an older or provisional calendar is superseded when the calendar says otherwise.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from audit.rules.drafts import FindingDraft
from fleet.calendar.store import region_of, year_calendar
from fleet.sealings.standing import UnitVehicle, standing_in
from fleet.tables import Vehicle
from kit.clock import day_start


async def with_day(
    session: AsyncSession, drafts: Sequence[FindingDraft], now: datetime
) -> list[FindingDraft]:
    """Return the drafts with `day_kind`, and whether the calendar was provisional."""
    dated = []
    for draft in drafts:
        region = await region_of(session, draft.organisation_no, day_start(draft.day))
        year = await year_calendar(session, draft.day.year, region, now)
        facts = {
            "day_kind": year.day(draft.day).kind.value,
            "calendar_provisional": year.provisional,
        }
        dated.append(replace(draft, figures=draft.figures | facts))
    return dated


async def with_sealing(
    session: AsyncSession, vehicle_no: int, drafts: Sequence[FindingDraft], now: datetime
) -> list[FindingDraft]:
    """Return the drafts; `sealing` names the first sealing under which the vehicle moved."""
    if not drafts:
        return []
    category = await session.scalar(select(Vehicle.category).where(Vehicle.no == vehicle_no))
    told = []
    for draft in drafts:
        vehicle = UnitVehicle(vehicle_no, draft.organisation_no, category or "")
        period = Range(draft.start, draft.end, bounds="[)")
        standing = (await standing_in(session, [vehicle], period, now)).get(vehicle_no)
        facts = {"sealing": standing[0].name} if standing else {}
        told.append(replace(draft, figures=draft.figures | facts))
    return told
