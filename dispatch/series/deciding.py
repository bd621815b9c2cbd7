"""Use case: a series moves on. Its one approval makes a request of each ride, all at once.

A request of a series is approved with it and by the same person, and shows so in its steps, from
which the slip prints who approved. Each is promised capacity by itself, in the background.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.allowance.service import answer_allowance
from dispatch.errors import ReasonNeeded, StaleRevision
from dispatch.parts import request_parts
from dispatch.requests.approved_with import steps_with_whole
from dispatch.requests.states import RequestState
from dispatch.roads.travel_times import TravelTimes
from dispatch.series import store
from dispatch.series.days import days_of, recurrence_of
from dispatch.series.ending import end_rest
from dispatch.series.errors import NoRideInSeries
from dispatch.series.states import NEEDS_REASON, SeriesAction, SeriesState, next_state
from dispatch.series.tables import RequestSeries, SeriesRide
from dispatch.tables import Request
from fleet.access import Actor
from fleet.acts import Act
from kit.errors import NotFound
from kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Doing:
    """What somebody does to a series, having read this revision of it."""

    action: SeriesAction
    revision: int


async def act_on_series(
    session: AsyncSession, act: Act, series_id: UUID, doing: Doing, roads: TravelTimes | None
) -> RequestSeries:
    """Move a series on.

    roads: by which shared orders are planned anew that a ride leaves at the end of the series
    Raises NotFound, StaleRevision, ReasonNeeded, NoRideInSeries, StepNotAllowed, StepNotYours and
    OwnApproval.
    """
    actor = _who(act)
    series = await store.lock_series(session, series_id, store.sees_series(actor))
    if series is None:
        raise NotFound
    if series.revision != doing.revision:
        raise StaleRevision(state=series.state, revision=series.revision)
    parts = request_parts(actor, series)
    to = next_state(SeriesState(series.state), doing.action, parts)
    if doing.action in NEEDS_REASON and not act.reason:
        raise ReasonNeeded(action=doing.action)
    before: dict[str, object] = {"state": series.state}
    after: dict[str, object] = {"state": str(to)}
    if doing.action is SeriesAction.APPROVE:
        after["requests"] = await _approve(session, act, series)
    elif doing.action is SeriesAction.END:
        after["requests"] = await end_rest(session, act, series, roads)
    series.state, series.state_reason = to, act.reason
    series.revision += 1
    act.record(
        session,
        f"request_series.{doing.action}",
        "request_series",
        series.id,
        organisation_no=series.organisation_no,
        before=before,
        after=after,
    )
    await session.flush()
    return series


async def _approve(session: AsyncSession, act: Act, series: RequestSeries) -> list[str]:
    """Make an approved request of each ride that has not begun; return their ids."""
    series.approved_by_no, series.approved_at = _who(act).person_no, act.now
    days = (await days_of(session, series, act.now)).days
    if not days:
        raise NoRideInSeries
    made = [_request(series, day) for day in days]
    session.add_all(made)
    # The rows must stand before those that refer to them.
    await session.flush()
    for day, request in zip(days, made, strict=True):
        await answer_allowance(session, request, act.now)
        session.add_all(
            steps_with_whole(
                act, request, asked_by_no=series.applicant_no, asked_at=series.submitted_at
            )
        )
        session.add(
            SeriesRide(series_id=series.id, day=day, request_id=request.id, awaits_promise=True)
        )
    await session.flush()
    return [str(request.id) for request in made]


def _request(series: RequestSeries, day: date) -> Request:
    return Request(
        id=new_id(),
        organisation_no=series.organisation_no,
        applicant_no=series.applicant_no,
        passenger_no=series.passenger_no,
        passengers=series.passengers,
        purpose=series.purpose,
        purpose_text=series.purpose_text,
        category=series.category,
        period=Range(*recurrence_of(series).period(day), bounds="[)"),
        origin_name=series.origin_name,
        origin_latitude=series.origin_latitude,
        origin_longitude=series.origin_longitude,
        destination_name=series.destination_name,
        destination_latitude=series.destination_latitude,
        destination_longitude=series.destination_longitude,
        waypoints=series.waypoints,
        round_trip=series.round_trip,
        may_share=series.may_share,
        state=RequestState.AWAITING_DISPATCH,
        revision=3,
    )


def _who(act: Act) -> Actor:
    assert act.actor is not None, "a series is moved on by somebody"
    return act.actor
