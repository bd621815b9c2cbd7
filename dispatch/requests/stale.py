"""An action from a stale page is refused with what changed since the page was read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import StaleRevision
from dispatch.refs import Refs, load_refs
from dispatch.tables import Request, RequestStep

# A page that is older than this many steps is told of the last ones.
MOST_STEPS = 20


class _Taken(Protocol):
    """A step as it is told: both kinds have these."""

    @property
    def action(self) -> str: ...
    @property
    def to_state(self) -> str: ...
    @property
    def actor_no(self) -> int | None: ...
    @property
    def reason(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Change:
    """A step that was taken since; is_hidden: its person and reason are somebody else's matter."""

    step: _Taken
    at: datetime
    is_hidden: bool = False


async def stale_request(session: AsyncSession, request: Request, known: int) -> StaleRevision:
    """Return what to answer to somebody who has read revision `known` of a request."""
    steps = await session.scalars(
        select(RequestStep)
        .where(RequestStep.request_id == request.id)
        .order_by(RequestStep.no.desc())
        .limit(count_of(request.revision, known))
    )
    newest_first = [Change(step, step.at) for step in steps]
    return await stale(session, request.revision, request.state, newest_first)


def count_of(revision: int, known: int) -> int:
    """Return how many steps were taken since, each of which made one revision."""
    return min(max(revision - known, 0), MOST_STEPS)


async def stale(
    session: AsyncSession, revision: int, state: str, newest_first: Sequence[Change]
) -> StaleRevision:
    """Return what to answer to somebody who knows nothing of these changes yet."""
    told = [one.step for one in newest_first if not one.is_hidden]
    refs = await load_refs(session, people=[step.actor_no for step in told])
    return StaleRevision(
        revision=revision,
        state=state,
        steps=[
            {
                "action": one.step.action,
                "to_state": one.step.to_state,
                "actor": _name(one, refs),
                "at": one.at.isoformat(),
                "reason": None if one.is_hidden else one.step.reason,
            }
            for one in reversed(newest_first)
        ],
    )


def _name(one: Change, refs: Refs) -> str | None:
    if one.is_hidden or one.step.actor_no is None:
        return None
    return refs.people[one.step.actor_no].name
