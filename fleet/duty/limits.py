"""The limits of duty hours that an organisation's rules set."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.duty.hours import DutyLimits
from fleet.rules import RuleKey, effective

_STATUTORY = DutyLimits()


async def limits_of(session: AsyncSession, organisation_no: int, now: datetime) -> DutyLimits:
    """Return the limits for an organisation's drivers.

    The two rules are said apart: where a day may be longer than the week, the day's limit is the
    week's.
    """
    day = (await effective(session, RuleKey.DRIVEN_DAY_S, organisation_no, now)).value
    week = (await effective(session, RuleKey.DRIVEN_WEEK_S, organisation_no, now)).value
    return replace(_STATUTORY, driven_day_s=min(day, week), driven_week_s=week)
