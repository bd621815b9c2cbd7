"""Plans that are asked for by themselves: tomorrow's, in the evening, where a rule says so.

A plan asked for so is made and proposed like any other: it confirms nothing, and changes nothing
that was confirmed.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.on_duty import any_dispatcher
from dispatch.plans.making import ask_by_itself
from dispatch.plans.tables import Plan
from fleet.lists import in_force
from fleet.rules import RuleKey
from fleet.rules.many import effective_in
from fleet.tables import VehicleUnit
from kit.clock import SHANGHAI, shanghai_day
from kit.database import Sessions, transaction

_ONE_AT_A_TIME = "plans.nightly"


async def nightly_step(sessions: Sessions, now: datetime) -> int:
    """Ask for tomorrow's plan of each organisation whose evening it is; return for how many.

    One worker at a time does so, by a lock that ends with its transaction: a worker that dies
    leaves it to the next, and for no day is a plan asked for by itself twice. Where nobody
    dispatches for an organisation none is asked for: nobody could confirm it.
    """
    async with transaction(sessions) as session:
        if not await session.scalar(
            select(func.pg_try_advisory_xact_lock(func.hashtext(_ONE_AT_A_TIME)))
        ):
            return 0
        day = shanghai_day(now) + timedelta(days=1)
        asked = 0
        for organisation_no in await _due(session, day, now):
            dispatcher = await any_dispatcher(session, organisation_no, now)
            if dispatcher is not None:
                await ask_by_itself(session, dispatcher, organisation_no, day, now)
                asked += 1
        return asked


async def _due(session: AsyncSession, day: date, now: datetime) -> list[int]:
    """Return the organisations with vehicles whose hour has come and that have no plan so yet."""
    has_plan = exists().where(
        Plan.organisation_no == VehicleUnit.organisation_no, Plan.day == day, Plan.automatic
    )
    with_vehicles = (
        await session.scalars(
            select(VehicleUnit.organisation_no)
            .where(in_force(VehicleUnit.period, now), ~has_plan)
            .distinct()
        )
    ).all()
    said = await effective_in(session, RuleKey.NIGHTLY_PLANS_H, with_vehicles, now)
    hour = now.astimezone(SHANGHAI).hour
    return sorted(
        no for no, from_h in said.items() if isinstance(from_h, int) and 0 < from_h <= hour
    )
