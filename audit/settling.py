"""Settling a vehicle's day: its kilometres and its findings, from what is known now.

Everything is computed anew from the current trips, stops, orders and filings, so the order in
which days are settled does not matter, and settling twice changes nothing.
"""

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from audit import store
from audit.explained import Kind, Leg, day_figures, explain
from audit.reconciling import reconcile
from audit.rule_versions import MovedRule, ensure_rule_versions, moved_rule, night_rule
from audit.rules import Rule
from audit.rules.drafts import FindingDraft
from audit.rules.moved_without_order import judge_run, moving_positions
from audit.rules.not_back_at_night import Night, judge_night, night_window
from audit.uses import Use, use_at
from dispatch.explaining import Explanation, explanations
from kit.clock import day_period

log = logging.getLogger(__name__)


async def settle(session: AsyncSession, vehicle_no: int, day: date, now: datetime) -> None:
    """Settle a vehicle's Shanghai day, and the nights that reach into it and out of it.

    Waits for whoever settles the same vehicle; the caller commits.
    """
    await store.lock_vehicle(session, vehicle_no)
    await ensure_rule_versions(session, now)
    uses = await store.uses_of(session, vehicle_no)
    if not uses:
        log.warning("a vehicle without a unit is not settled", extra={"vehicle_no": vehicle_no})
        return
    await _settle_kilometres(session, vehicle_no, day, uses, now)
    for night in (day - timedelta(days=1), day):
        await _settle_night(session, vehicle_no, night, uses, now)


async def _settle_kilometres(
    session: AsyncSession, vehicle_no: int, day: date, uses: list[Use], now: datetime
) -> None:
    start, end = day_period(day)
    trips = await store.trips_between(session, vehicle_no, start, end)
    reasons = await explanations(session, vehicle_no, start, end)
    legs = [leg for trip in trips for leg in explain(trip, reasons, uses) if leg.day == day]
    await store.replace_day(session, vehicle_no, day, day_figures(legs))
    rule = await moved_rule(session, start)
    runs = [leg for leg in legs if leg.kind is Kind.UNEXPLAINED]
    drafts = await _judge_runs(session, vehicle_no, runs, uses, reasons, rule) if rule else []
    await reconcile(
        session,
        vehicle_no,
        Rule.MOVED_WITHOUT_ORDER,
        day,
        drafts,
        rule.version_id if rule else None,
        now,
    )


async def _judge_runs(
    session: AsyncSession,
    vehicle_no: int,
    runs: list[Leg],
    uses: list[Use],
    reasons: list[Explanation],
    rule: MovedRule,
) -> list[FindingDraft]:
    drafts = []
    for run in runs:
        # Positions are read only where the trip's own integers speak of movement.
        if len(moving_positions(run, rule.thresholds)) < rule.thresholds.moving_positions:
            continue
        places = await store.places_between(session, vehicle_no, run.start, run.end)
        base = use_at(uses, run.start).base
        drafts.append(judge_run(run, places, base, reasons, rule.thresholds))
    return [draft for draft in drafts if draft is not None]


async def _settle_night(
    session: AsyncSession, vehicle_no: int, night: date, uses: list[Use], now: datetime
) -> None:
    rule = await night_rule(session, day_period(night)[0])
    draft = None
    if rule is not None:
        start, end = night_window(night, rule.thresholds)
        if now < end:
            return
        use = use_at(uses, start)
        trips = await store.trips_between(session, vehicle_no, start, end)
        known = Night(
            rests=await store.rests_between(session, vehicle_no, start, end),
            drives=store.drives_of(trips),
            explanations=await explanations(session, vehicle_no, start, end),
            heard=(),
        )
        draft = judge_night(night, known, use, rule.thresholds)
        if draft is not None:
            # Only a finding needs to say when the terminal was silent.
            heard = tuple(await store.places_between(session, vehicle_no, start, end))
            draft = judge_night(night, replace(known, heard=heard), use, rule.thresholds)
    await reconcile(
        session,
        vehicle_no,
        Rule.NOT_BACK_AT_NIGHT,
        night,
        [draft] if draft else [],
        rule.version_id if rule else None,
        now,
    )
