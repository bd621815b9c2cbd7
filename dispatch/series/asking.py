"""Use cases: ask for a series of rides, and write it anew until it is approved."""

import asyncio
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import (
    EmptyPeriod,
    PeriodInThePast,
    PeriodTooFar,
    StaleRevision,
)
from dispatch.parts import request_parts
from dispatch.requests.feasible import (
    check_passengers,
    check_places,
    check_sharing,
    check_way,
    standings,
    way_wished,
)
from dispatch.requests.service import passenger_named, unit_asked_for
from dispatch.requests.states import PeriodLimits
from dispatch.roads.travel_times import TravelTimes
from dispatch.series import store
from dispatch.series.days import days_of, recurrence_of
from dispatch.series.errors import NoRideInSeries, WeekdaysMissing
from dispatch.series.schemas import SeriesChangeIn, SeriesIn
from dispatch.series.states import SeriesAction, SeriesState, next_state
from dispatch.series.tables import RequestSeries
from dispatch.series.words import Repeats
from fleet.access import Actor
from fleet.acts import Act
from kit.clock import shanghai_day
from kit.errors import NotFound
from kit.ids import new_id

_LIMITS = PeriodLimits()


async def ask_for_series(
    session: AsyncSession, act: Act, wish: SeriesIn, roads: TravelTimes | None
) -> RequestSeries:
    """Write a series; it is submitted at once.

    Raises NotFound for a unit outside the actor's scope, UnknownPassenger, EmptyPeriod,
    PeriodInThePast, PeriodTooFar, WeekdaysMissing, NoRideInSeries, and the errors of
    `check_places`, `check_sharing`, `check_way` and `check_passengers`.
    """
    actor = _who(act)
    unit_no = await unit_asked_for(session, actor, wish.organisation_id)
    series = RequestSeries(
        id=new_id(), organisation_no=unit_no, applicant_no=actor.person_no, revision=1
    )
    await _write(session, act, series, wish, roads)
    session.add(series)
    _record(session, act, series, "create", {"state": None}, wish)
    await session.flush()
    return series


async def rewrite_series(
    session: AsyncSession,
    act: Act,
    series_id: UUID,
    wish: SeriesChangeIn,
    roads: TravelTimes | None,
) -> RequestSeries:
    """Write a series anew, by whoever asked for it, and submit it again; its unit stays.

    Raises NotFound, StaleRevision, StepNotAllowed, StepNotYours and what asking raises.
    """
    actor = _who(act)
    series = await store.lock_series(session, series_id, store.sees_series(actor))
    if series is None:
        raise NotFound
    if series.revision != wish.revision:
        raise StaleRevision(state=series.state, revision=series.revision)
    next_state(SeriesState(series.state), SeriesAction.REWRITE, request_parts(actor, series))
    if wish.organisation_id is not None:
        unit_no = await unit_asked_for(session, actor, wish.organisation_id)
        if unit_no != series.organisation_no:
            raise NotFound
    before: dict[str, object] = {"state": series.state, **standing(series)}
    await _write(session, act, series, wish, roads)
    series.revision += 1
    _record(session, act, series, "rewrite", before, wish)
    await session.flush()
    return series


async def _write(
    session: AsyncSession,
    act: Act,
    series: RequestSeries,
    wish: SeriesIn,
    roads: TravelTimes | None,
) -> None:
    _check_days(wish, shanghai_day(act.now))
    check_places(wish, await asyncio.to_thread(standings, wish, roads))
    await check_passengers(session, series.organisation_no, wish.passengers, act.now)
    series.passenger_no = await passenger_named(session, _who(act), wish.passenger_id, act.now)
    series.passengers = wish.passengers
    series.purpose, series.purpose_text = wish.purpose, wish.purpose_text
    series.category = wish.category
    series.origin_name = wish.origin.name
    series.origin_latitude, series.origin_longitude = wish.origin.latitude, wish.origin.longitude
    series.destination_name = wish.destination.name
    series.destination_latitude = wish.destination.latitude
    series.destination_longitude = wish.destination.longitude
    series.waypoints = [one.model_dump() for one in wish.waypoints]
    series.round_trip, series.may_share = wish.round_trip, wish.may_share
    series.repeats, series.weekdays = wish.repeats, sorted(set(wish.weekdays))
    series.days_off_too = wish.days_off_too
    series.first_day, series.last_day = wish.first_day, wish.last_day
    series.start_time = time.fromisoformat(wish.start_time)
    series.end_time = time.fromisoformat(wish.end_time)
    series.at_most = wish.at_most
    series.state, series.submitted_at = SeriesState.UNIT_REVIEW, act.now
    series.state_reason = None
    first = recurrence_of(series).period(series.first_day)
    check_sharing(wish)
    await asyncio.to_thread(check_way, way_wished(wish), first, roads)
    if not (await days_of(session, series, act.now)).days:
        raise NoRideInSeries


def _check_days(wish: SeriesIn, today: date) -> None:
    if wish.last_day < wish.first_day:
        raise EmptyPeriod
    if wish.first_day < today:
        raise PeriodInThePast(f"The earliest day is today: {today.isoformat()}.")
    if wish.last_day > today + timedelta(days=_LIMITS.ahead_days):
        raise PeriodTooFar(f"The last day may lie at most {_LIMITS.ahead_days} days ahead.")
    if (wish.repeats is Repeats.WEEKLY) != bool(wish.weekdays):
        raise WeekdaysMissing


def standing(series: RequestSeries) -> dict[str, object]:
    """Return what the journal tells of a series' days."""
    return {
        "repeats": series.repeats,
        "weekdays": list(series.weekdays),
        "days_off_too": series.days_off_too,
        "first_day": series.first_day.isoformat(),
        "last_day": series.last_day.isoformat(),
        "start_time": series.start_time.isoformat(timespec="minutes"),
        "end_time": series.end_time.isoformat(timespec="minutes"),
        "at_most": series.at_most,
    }


def _record(
    session: AsyncSession,
    act: Act,
    series: RequestSeries,
    action: str,
    before: dict[str, object],
    wish: SeriesIn,
) -> None:
    act.record(
        session,
        f"request_series.{action}",
        "request_series",
        series.id,
        organisation_no=series.organisation_no,
        before=before,
        after={"state": series.state, **wish.model_dump(mode="json")},
    )


def _who(act: Act) -> Actor:
    assert act.actor is not None, "a series is asked for by somebody"
    return act.actor
