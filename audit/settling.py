"""Settling a vehicle's day: its kilometres and its findings, from what is known now.

Everything is computed anew from the current trips, stops, orders and filings, so the order in
which days are settled does not matter, and settling twice changes nothing.
"""

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from audit import store
from audit.day_facts import with_day, with_sealing
from audit.explained import Kind, Leg, day_figures, explain
from audit.reconciling import reconcile
from audit.rule_versions import MovedRule, NightRule, RuleBook, rule_book
from audit.rules import Rule
from audit.rules.drafts import FindingDraft
from audit.rules.moved_without_order import judge_run, moving_positions
from audit.rules.not_back_at_night import Night, judge_night, night_window
from audit.uses import Use, use_at
from dispatch.explaining import Explanation, explanations
from kit.clock import day_period

log = logging.getLogger(__name__)


async def settle(session: AsyncSession, vehicle_no: int, day: date, now: datetime) -> None:
    """Settle a vehicle's Shanghai day, and the nights that reach into it and out of it."""
    await settle_days(session, vehicle_no, [day], now)


async def settle_days(
    session: AsyncSession, vehicle_no: int, days: Collection[date], now: datetime
) -> None:
    """Settle several days of a vehicle, each of their nights once.

    Waits for whoever settles the same vehicle; the caller commits.
    """
    await store.lock_vehicle(session, vehicle_no)
    rules = await rule_book(session, now)
    uses = await store.uses_of(session, vehicle_no)
    if not uses:
        log.warning("a vehicle without a unit is not settled", extra={"vehicle_no": vehicle_no})
        return
    for day in sorted(days):
        await _settle_kilometres(session, vehicle_no, day, uses, rules, now)
    for night in sorted({*days, *(day - timedelta(days=1) for day in days)}):
        await _settle_night(session, vehicle_no, night, uses, rules, now)


async def _settle_kilometres(
    session: AsyncSession,
    vehicle_no: int,
    day: date,
    uses: list[Use],
    rules: RuleBook,
    now: datetime,
) -> None:
    start, end = day_period(day)
    trips = await store.trips_between(session, vehicle_no, start, end)
    reasons = await explanations(session, vehicle_no, start, end, now) if trips else []
    legs = [leg for trip in trips for leg in explain(trip, reasons, uses) if leg.day == day]
    await store.replace_day(session, vehicle_no, day, day_figures(legs))
    rule = rules.moved_at(start)
    runs = [leg for leg in legs if leg.kind is Kind.UNEXPLAINED]
    drafts = await _judge_runs(session, vehicle_no, runs, uses, reasons, rule) if rule else []
    drafts = await with_sealing(session, vehicle_no, drafts, now)
    await reconcile(
        session,
        vehicle_no,
        Rule.MOVED_WITHOUT_ORDER,
        day,
        await with_day(session, drafts, now),
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
    session: AsyncSession,
    vehicle_no: int,
    night: date,
    uses: list[Use],
    rules: RuleBook,
    now: datetime,
) -> None:
    rule = rules.night_at(day_period(night)[0])
    if rule is not None and now < night_window(night, rule.thresholds)[1]:
        return
    draft = await _judge_night(session, vehicle_no, night, uses, rule, now) if rule else None
    await reconcile(
        session,
        vehicle_no,
        Rule.NOT_BACK_AT_NIGHT,
        night,
        await with_day(session, [draft] if draft else [], now),
        rule.version_id if rule else None,
        now,
    )


async def _judge_night(
    session: AsyncSession,
    vehicle_no: int,
    night: date,
    uses: list[Use],
    rule: NightRule,
    now: datetime,
) -> FindingDraft | None:
    start, end = night_window(night, rule.thresholds)
    use = use_at(uses, start)
    if use.base is None:
        return None
    known = Night(
        rests=await store.rests_between(session, vehicle_no, start, end),
        drives=store.drives_of(await store.trips_between(session, vehicle_no, start, end)),
        explanations=await explanations(session, vehicle_no, start, end, now),
        heard=(),
    )
    draft = judge_night(night, known, use, rule.thresholds)
    if draft is None:
        return None
    # Only a finding has to say when the terminal was silent.
    heard = tuple(await store.places_between(session, vehicle_no, start, end))
    return judge_night(night, replace(known, heard=heard), use, rule.thresholds)
