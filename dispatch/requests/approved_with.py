"""Requests that were asked for and approved with a whole: a mission, or a series."""

from datetime import datetime

from dispatch.requests.states import RequestAction, RequestState
from dispatch.tables import Request, RequestStep
from fleet.acts import Act


def steps_with_whole(
    act: Act, request: Request, *, asked_by_no: int, asked_at: datetime
) -> tuple[RequestStep, RequestStep]:
    """Return the steps that a request has taken with its whole, which `act` approves."""
    assert act.actor is not None, "a person approves"
    submitted = RequestStep(
        request_id=request.id,
        action=RequestAction.SUBMIT,
        from_state=RequestState.DRAFT,
        to_state=RequestState.UNIT_REVIEW,
        actor_no=asked_by_no,
        at=asked_at,
    )
    approved = RequestStep(
        request_id=request.id,
        action=RequestAction.APPROVE,
        from_state=RequestState.UNIT_REVIEW,
        to_state=RequestState.AWAITING_DISPATCH,
        actor_no=act.actor.person_no,
        at=act.now,
        reason=act.reason,
    )
    return submitted, approved
