"""One request: suggested for, assigned within the limits, or left to the dispatcher."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.desk import Desk
from dispatch.automatic.limits import Ride, Stop, stop_of_ride, stop_of_vehicle
from dispatch.automatic.notes import acts_since, write_note
from dispatch.automatic.on_duty import any_dispatcher, duty_dispatcher
from dispatch.automatic.waiting import Awaiting, read_request, rule_of
from dispatch.automatic.words import AutoDispatchOutcome, AutoDispatchStop
from dispatch.matching.ranking import Candidate
from dispatch.orders import booking
from dispatch.requests.schemas import AssignmentIn
from dispatch.suggestions.schemas import SuggestionOut
from dispatch.suggestions.service import keep, weigh_request
from dispatch.suggestions.weighing import Weighed
from dispatch.tables import Order, Request
from dispatch.words import Purpose
from fleet.access import Actor
from fleet.rules.auto_dispatch import AutoDispatchLimits, AutoDispatchMode
from kit.errors import DomainError

NOBODY_ON_DUTY = Stop(AutoDispatchStop.NO_DUTY_DISPATCHER, "当前没有值班调度员，未自动派车")
ALL_TAKEN = Stop(AutoDispatchStop.NO_CANDIDATE, "车辆不足，更紧急或更早的申请优先")
TAKEN_BACK = Stop(AutoDispatchStop.TAKEN_BACK, "调度员已撤销派车，由调度员安排")
_SUGGESTED = "已列出 {count} 辆可派车辆，由调度员选定"
_ASSIGNED = "自动派车：{first}，约 {minutes} 分钟到达"
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a request: the outcome, and what stopped it if it was left."""

    outcome: AutoDispatchOutcome
    stop: AutoDispatchStop | None = None
    order_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Picked:
    """The vehicle that a batch has found, and the round that tells why."""

    vehicle_no: int
    round_id: UUID


async def decide(
    desk: Desk, waits: Awaiting, per_minute: int, picked: Picked | None = None
) -> Decided | None:
    """Suggest for a request or assign it, as its organisation says now; one transaction.

    None: it has changed, or auto-dispatch was switched off meanwhile. Raises LeaseLost, and the
    errors of `booking.assign` where somebody was faster.
    """
    async with desk.act() as session:
        now = desk.clock()
        rule = await rule_of(session, waits.unit_no, now)
        request = await read_request(session, waits)
        if request is None or rule.mode is AutoDispatchMode.OFF:
            return None
        on_duty = await duty_dispatcher(session, waits.unit_no, now)
        actor = on_duty or await any_dispatcher(session, waits.unit_no, now)
        weighed = None
        if actor is not None:
            # A new map is read by whoever asks first, and that takes seconds.
            sources = await asyncio.to_thread(desk.sources)
            weighed = await weigh_request(session, actor, request, sources, now)
        case = _Case(session, waits, request, weighed, now, picked)
        if rule.mode is AutoDispatchMode.SUGGEST:
            return await _suggest(case)
        if on_duty is None:
            return await _leave(case, NOBODY_ON_DUTY)
        stop = await _stop(case, rule.limits, per_minute)
        if stop is not None:
            return await _leave(case, stop)
        return await _assign(case, on_duty)


@dataclass(frozen=True, slots=True)
class _Case:
    session: AsyncSession
    waits: Awaiting
    request: Request
    weighed: Weighed | None
    now: datetime
    picked: Picked | None

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Those that may serve, best first."""
        return self.weighed.ranking.candidates if self.weighed else ()

    @property
    def place(self) -> int | None:
        """Where the vehicle of the batch stands among the candidates, else the best; from 0."""
        wanted = [c.vehicle.no for c in self.candidates]
        if self.picked is None:
            return 0 if wanted else None
        return wanted.index(self.picked.vehicle_no) if self.picked.vehicle_no in wanted else None


def ride_of(request: Request) -> Ride:
    """Return what limits look at in a request."""
    start, end = request.period.lower, request.period.upper
    assert start is not None
    assert end is not None
    return Ride(Purpose(request.purpose), start, end)


async def _stop(case: _Case, limits: AutoDispatchLimits, per_minute: int) -> Stop | None:
    """Return what forbids the assignment, None when it may be made."""
    if case.waits.taken_back:
        return TAKEN_BACK
    if (stop := stop_of_ride(ride_of(case.request), limits)) is not None:
        return stop
    if case.place is None:
        return _nobody(case) if case.picked is None else ALL_TAKEN
    chosen = case.candidates[case.place]
    if (stop := stop_of_vehicle(chosen.use, chosen.empty_m, limits)) is not None:
        return stop
    if await acts_since(case.session, case.now - _MINUTE) >= per_minute:
        sentence = f"自动派车已达每分钟 {per_minute} 单的上限，稍后再派"
        return Stop(AutoDispatchStop.PACE, sentence)
    return None


def _nobody(case: _Case) -> Stop:
    left_out = len(case.weighed.ranking.left_out) if case.weighed else 0
    sentence = f"没有可派的车辆，{left_out} 辆不符合条件"
    return Stop(AutoDispatchStop.NO_CANDIDATE, sentence)


async def _suggest(case: _Case) -> Decided:
    sentence = _SUGGESTED.format(count=len(case.candidates))
    kept = await _kept(case)
    await _note(case, AutoDispatchOutcome.SUGGESTED, sentence, kept.id if kept else None)
    return Decided(AutoDispatchOutcome.SUGGESTED)


async def _leave(case: _Case, stop: Stop) -> Decided:
    """Leave the request to the dispatcher, who finds the suggestion ready."""
    if not case.waits.is_noted(AutoDispatchOutcome.LEFT, stop.sentence):
        kept = await _kept(case)
        suggestion_id = kept.id if kept else None
        await _note(case, AutoDispatchOutcome.LEFT, stop.sentence, suggestion_id, stop=stop.stop)
    return Decided(AutoDispatchOutcome.LEFT, stop.stop)


async def _assign(case: _Case, on_duty: Actor) -> Decided:
    kept = await _kept(case)
    assert kept is not None
    assert case.place is not None
    chosen = kept.candidates[case.place]
    assert chosen.driver is not None
    minutes = max(1, round(chosen.arrival_s / 60))
    sentence = _ASSIGNED.format(first=_why(case), minutes=minutes)
    choice = AssignmentIn(
        vehicle_id=chosen.vehicle.id,
        driver_id=chosen.driver.id,
        suggestion_id=kept.id,
        revision=case.waits.revision,
        reason=sentence,
    )
    order = await booking.assign(case.session, on_duty, case.request.id, choice, case.now, None)
    await _note(case, AutoDispatchOutcome.ASSIGNED, sentence, kept.id, order=order)
    return Decided(AutoDispatchOutcome.ASSIGNED, order_id=order.id)


def _why(case: _Case) -> str:
    return "多项申请统一匹配" if case.picked else "排序第一的车辆"


async def _kept(case: _Case) -> SuggestionOut | None:
    """Keep what was weighed as a suggestion of the system's own."""
    if case.weighed is None:
        return None
    return await keep(case.session, None, case.request, case.weighed)


async def _note(
    case: _Case,
    outcome: AutoDispatchOutcome,
    sentence: str,
    suggestion_id: UUID | None,
    *,
    stop: AutoDispatchStop | None = None,
    order: Order | None = None,
) -> None:
    write_note(
        case.session,
        request_id=case.request.id,
        revision=case.waits.revision,
        outcome=outcome,
        stop=stop,
        sentence=sentence,
        at=case.now,
        round_id=case.picked.round_id if case.picked else None,
        suggestion_id=suggestion_id,
        order_id=order.id if order else None,
    )
    await case.session.flush()


def refused(error: DomainError) -> Stop:
    """Return why a request is left whose assignment was refused by a rule."""
    sentence = f"首选车辆未通过派车核对（{error.problem_type()}），由调度员安排"
    return Stop(AutoDispatchStop.REFUSED, sentence)


async def leave(desk: Desk, waits: Awaiting, stop: Stop) -> Decided | None:
    """Leave a request to the dispatcher without a ranking; None once it has changed."""
    async with desk.act() as session:
        request = await read_request(session, waits)
        if request is None:
            return None
        return await _leave(_Case(session, waits, request, None, desk.clock(), None), stop)
