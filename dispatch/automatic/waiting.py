"""SQL of what waits: requests that await dispatch, how each came there, and what was noted last."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.words import AutoDispatchOutcome
from dispatch.orders.states import OrderAction
from dispatch.requests.states import RequestState
from dispatch.shared_rides.leaving import LEAVE
from dispatch.tables import Request
from fleet.rules import RuleKey
from fleet.rules.auto_dispatch import AutoDispatchLimits, AutoDispatchMode
from fleet.rules.known import KNOWN
from fleet.rules.resolving import resolve
from fleet.rules.store import levels

MOST_WAITING = 2_000
"""How many requests one round looks at; the urgent ones, then those who have waited longest."""

_TAKES_BACK = frozenset({OrderAction.UNDO, LEAVE})

_ANYBODY = text("""
    SELECT EXISTS (
        SELECT FROM rule_value
        WHERE key = :key AND period @> CAST(:now AS timestamptz) AND value <> to_jsonb('off'::text)
    )
""")

# Identities grow with their rows: two looks into their indexes tell whether anything has moved.
_NEWEST = text("""
    SELECT (SELECT max(no) FROM request_step) AS request_step,
           (SELECT max(no) FROM order_step) AS order_step
""")

_WAITING = text("""
    SELECT r.id, r.organisation_no, r.revision, r.recorded_at,
           came.action AS came_by, came.automatic AS came_automatically,
           note.revision AS noted_revision, note.outcome, note.sentence, note.at AS noted_at
    FROM request r
    LEFT JOIN LATERAL (
        SELECT s.action, s.automatic FROM request_step s
        -- Other times leave it where it is.
        WHERE s.request_id = r.id AND s.from_state <> s.to_state ORDER BY s.no DESC LIMIT 1
    ) came ON true
    LEFT JOIN LATERAL (
        SELECT n.revision, n.outcome, n.sentence, n.at FROM auto_dispatch_note n
        WHERE n.request_id = r.id ORDER BY n.no DESC LIMIT 1
    ) note ON true
    WHERE r.state = :awaiting AND upper(r.period) > CAST(:now AS timestamptz)
      -- The vehicles of a mission are chosen by whoever runs it.
      AND NOT EXISTS (SELECT FROM mission_ride m WHERE m.request_id = r.id)
    ORDER BY r.purpose = 'emergency' OR r.category IS NOT DISTINCT FROM 'emergency' DESC,
             r.recorded_at, r.id
    LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class Noted:
    """What was noted last about a request, and for which of its revisions."""

    revision: int
    outcome: AutoDispatchOutcome
    sentence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A request that awaits dispatch.

    taken_back: a dispatcher has undone its assignment or let it off, and so takes it on
    """

    id: UUID
    unit_no: int
    revision: int
    asked_at: datetime
    taken_back: bool
    noted: Noted | None

    def is_noted(self, outcome: AutoDispatchOutcome, sentence: str) -> bool:
        """Whether just this stands as the last note on the request as it is now."""
        return self.noted is not None and (
            (self.noted.revision, self.noted.outcome, self.noted.sentence)
            == (self.revision, outcome, sentence)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """What an organisation says about auto-dispatch."""

    mode: AutoDispatchMode
    limits: AutoDispatchLimits


async def is_said_anywhere(session: AsyncSession, now: datetime) -> bool:
    """Return whether any organisation says more than off; else there is nothing to do."""
    return bool(await session.scalar(_ANYBODY, {"key": RuleKey.AUTO_DISPATCH, "now": now}))


async def newest_steps(session: AsyncSession) -> tuple[int, int]:
    """Return the numbers of the newest steps of requests and of orders."""
    row = (await session.execute(_NEWEST)).one()
    return row.request_step or 0, row.order_step or 0


async def awaiting(session: AsyncSession, now: datetime) -> list[Awaiting]:
    """Return the requests whose ride is not over, emergencies first, then as they were asked."""
    told = {"awaiting": RequestState.AWAITING_DISPATCH, "now": now, "most": MOST_WAITING}
    rows = await session.execute(_WAITING, told)
    return [
        Awaiting(
            id=row.id,
            unit_no=row.organisation_no,
            revision=row.revision,
            asked_at=row.recorded_at,
            taken_back=row.came_by in _TAKES_BACK and not row.came_automatically,
            noted=Noted(
                row.noted_revision, AutoDispatchOutcome(row.outcome), row.sentence, row.noted_at
            )
            if row.outcome
            else None,
        )
        for row in rows
    ]


async def rule_of(session: AsyncSession, unit_no: int, now: datetime) -> Rule:
    """Return what holds in a unit at `now`, by inheritance from above."""
    keys = (RuleKey.AUTO_DISPATCH, RuleKey.AUTO_DISPATCH_LIMITS)
    said = await levels(session, keys, unit_no, now)
    mode, limits = (KNOWN[key].read(resolve(KNOWN[key], said[key]).value) for key in keys)
    return Rule(mode, limits)


async def read_request(session: AsyncSession, waits: Awaiting) -> Request | None:
    """Return the request if it still stands as it was read, None once anything has changed."""
    request = await session.get(Request, waits.id)
    if request is None or request.revision != waits.revision:
        return None
    return request if request.state == RequestState.AWAITING_DISPATCH else None
