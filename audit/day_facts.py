"""What kind of day a finding falls on, by the calendar of its unit's region at judging time.

It stands among the figures, so that a finding judged by an older or provisional calendar is
superseded when the calendar says otherwise.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from audit.rules.drafts import FindingDraft
from fleet.calendar.store import region_of, year_calendar
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
