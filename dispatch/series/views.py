"""Series as the API shows them."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.schemas import AlternativesOut
from dispatch.parts import request_parts
from dispatch.refs import Refs, load_refs
from dispatch.requests.views import destination, origin
from dispatch.requests.way import waypoints_of
from dispatch.schemas import PeriodOut
from dispatch.series import store
from dispatch.series.days import calendar_of, days_of, recurrence_of
from dispatch.series.schemas import LeftOutDay, SeriesDetail, SeriesItem, SeriesRideOut
from dispatch.series.states import SeriesState, legal_actions
from dispatch.series.store import Counts, RideRow
from dispatch.series.tables import RequestSeries
from fleet.access import Actor
from fleet.calendar.days import Day
from fleet.permissions import Permission

_UNDECIDED = frozenset({SeriesState.UNIT_REVIEW, SeriesState.SENT_BACK})


async def series_items(
    session: AsyncSession, actor: Actor, found: Sequence[RequestSeries]
) -> list[SeriesItem]:
    """Return series as lists show them, with what the actor may do to each."""
    counts = await store.counts_of(session, [one.id for one in found])
    refs = await _refs(session, found)
    return [
        SeriesItem.model_validate(_fields(one, counts.get(one.id, Counts()), refs, actor))
        for one in found
    ]


async def series_detail(
    session: AsyncSession, actor: Actor, series: RequestSeries, now: datetime
) -> SeriesDetail:
    """Return a series with its rides; those of one that isn't decided yet are none so far."""
    counts = await store.counts_of(session, [series.id])
    calendar = await calendar_of(session, series, now)
    days = await days_of(session, series, series.approved_at or now)
    if SeriesState(series.state) in _UNDECIDED:
        rides = [_to_be(series, day) for day in days.days]
    else:
        dispatches = series.organisation_no in actor.scope(Permission.ORDER_ASSIGN)
        rows = await store.rides_of(session, series.id)
        rides = [_ride(row, calendar, dispatches=dispatches) for row in rows]
    fields = _fields(series, counts.get(series.id, Counts()), await _refs(session, [series]), actor)
    left_out = [LeftOutDay(day=one.day, why=one.why, name=one.name) for one in days.left_out]
    return SeriesDetail.model_validate(fields | {"all_rides": rides, "left_out": left_out})


async def _refs(session: AsyncSession, found: Sequence[RequestSeries]) -> Refs:
    return await load_refs(
        session,
        organisations=[one.organisation_no for one in found],
        people=[
            no for one in found for no in (one.applicant_no, one.passenger_no, one.approved_by_no)
        ],
    )


def _fields(series: RequestSeries, counts: Counts, refs: Refs, actor: Actor) -> dict[str, object]:
    actions = legal_actions(SeriesState(series.state), request_parts(actor, series))
    approved_by = series.approved_by_no
    return {
        "id": series.id,
        "state": series.state,
        "revision": series.revision,
        "unit": refs.organisations[series.organisation_no],
        "applicant": refs.people[series.applicant_no],
        "passenger": refs.people[series.passenger_no],
        "passengers": series.passengers,
        "purpose": series.purpose,
        "purpose_text": series.purpose_text,
        "category": series.category,
        "origin": origin(series),
        "destination": destination(series),
        "waypoints": waypoints_of(series.waypoints),
        "round_trip": series.round_trip,
        "may_share": series.may_share,
        "repeats": series.repeats,
        "weekdays": series.weekdays,
        "days_off_too": series.days_off_too,
        "first_day": series.first_day,
        "last_day": series.last_day,
        "start_time": series.start_time.isoformat(timespec="minutes"),
        "end_time": series.end_time.isoformat(timespec="minutes"),
        "at_most": series.at_most,
        "state_reason": series.state_reason,
        "submitted_at": series.submitted_at,
        "approved_by": refs.people[approved_by] if approved_by is not None else None,
        "approved_at": series.approved_at,
        "rides": counts.rides,
        "promised": counts.promised,
        "refused": counts.refused,
        "actions": [str(action) for action in actions],
        "recorded_at": series.recorded_at,
    }


def _to_be(series: RequestSeries, day: date) -> SeriesRideOut:
    start, end = recurrence_of(series).period(day)
    return SeriesRideOut(day=day, period=PeriodOut(start=start, end=end))


def _ride(row: RideRow, calendar: Callable[[date], Day], *, dispatches: bool) -> SeriesRideOut:
    told = None if row.alternatives is None else AlternativesOut.model_validate(row.alternatives)
    if told is not None and not dispatches:
        # Which others ride at that time is for whoever plans, not for every applicant.
        told = told.model_copy(update={"to_share_with": []})
    day = calendar(row.day)
    is_off = day.region_code is not None and not day.kind.is_worked
    return SeriesRideOut.model_validate(
        {
            "day": row.day,
            "period": {"start": row.request.period.lower, "end": row.request.period.upper},
            "request_id": row.request.id,
            "state": row.request.state,
            "revision": row.request.revision,
            "awaits_promise": row.awaits_promise,
            "reservation": row.reservation,
            "alternatives": told,
            "day_off": (day.name or "") if is_off else None,
        }
    )
