"""Keeps every open socket to what its person may see now.

The database tells when rights change (migration 0010), at the commit and never before. What ends
by the clock alone, such as a role's period or a session, is looked up and waited for; and every
few seconds everything is looked at anyway.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from psycopg import AsyncConnection, OperationalError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor, load_actor
from fleet.permissions import Permission
from gateway.live.client import LiveClient
from gateway.live.listening import listening
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.ending import is_ending, pause

log = logging.getLogger(__name__)

LOGGED_OUT, FORBIDDEN = 4401, 4403

_CHANNEL = "gongche_access"
_AT_LEAST_EVERY_S = 10.0
_RETRY_S = 0.5

_NEXT_BY_CLOCK = text("""
    SELECT min(at) FROM (
        SELECT unnest(ARRAY[lower(period), upper(period)]) AS at FROM person_role
        UNION ALL SELECT unnest(ARRAY[lower(period), upper(period)]) FROM delegation
        UNION ALL SELECT unnest(ARRAY[lower(period), upper(period)]) FROM mandate
        UNION ALL SELECT unnest(ARRAY[lower(period), upper(period)]) FROM organisation_parent
        UNION ALL SELECT unnest(ARRAY[lower(period), upper(period)]) FROM supervision_grant
        UNION ALL SELECT expires_at FROM log_in
        UNION ALL SELECT coalesce(last_seen_at, began_at) + make_interval(secs => idle_s)
                  FROM log_in
        UNION ALL SELECT expires_at FROM api_token
    ) boundary
    WHERE at > CAST(:now AS timestamptz)
      AND at < CAST(:now AS timestamptz) + make_interval(secs => :within_s)
""")

# The same two questions for every socket: planned once, they cost half.
_PLANNED_ONCE = text("SET LOCAL plan_cache_mode = force_generic_plan")


class Rights:
    """One per process: compares each client with its person's rights, and ends or narrows it."""

    def __init__(self, sessions: Sessions, clients: set[LiveClient]) -> None:
        self._sessions, self._clients = sessions, clients

    async def run(self) -> None:
        """Follow until cancelled; while the database is away nothing can be told apart, or sent."""
        while True:
            try:
                async with listening(self._sessions, _CHANNEL) as connection:
                    await self._follow(connection)
            except (OperationalError, SQLAlchemyError, OSError) as error:
                if is_ending():
                    raise
                log.warning("rights can't be followed", extra={"error": str(error)})
                await pause(_RETRY_S)

    async def check(self, clients: Iterable[LiveClient] | None = None) -> None:
        """Hold these clients (None: all) against their people's rights once."""
        now = utc_now()
        actors: dict[str, Actor | None] = {}
        async with transaction(self._sessions) as session:
            await session.execute(_PLANNED_ONCE)
            for client in list(self._clients if clients is None else clients):
                if client.token not in actors:
                    actors[client.token] = await load_actor(session, client.token, now, touch=False)
                hold(client, actors[client.token])

    async def _follow(self, connection: AsyncConnection[tuple[object, ...]]) -> None:
        while not is_ending():
            await self.check()
            wait_s = await self._wait_s() if self._clients else _AT_LEAST_EVERY_S
            async for _ in connection.notifies(timeout=wait_s, stop_after=1):
                pass

    async def _wait_s(self) -> float:
        now = utc_now()
        async with transaction(self._sessions) as session:
            at = await _next_by_clock(session, now)
        return _AT_LEAST_EVERY_S if at is None else max(0.01, (at - utc_now()).total_seconds())


def hold(client: LiveClient, actor: Actor | None) -> None:
    """Narrow or widen a client to what its person may see now; end it when that is nothing."""
    if actor is None:
        client.end(LOGGED_OUT)
    elif Permission.LIVE_READ not in actor.permissions:
        client.end(FORBIDDEN)
    else:
        client.keep_to(actor.scope(Permission.LIVE_READ))


async def _next_by_clock(session: AsyncSession, now: datetime) -> datetime | None:
    asked = {"now": now, "within_s": _AT_LEAST_EVERY_S}
    at: datetime | None = await session.scalar(_NEXT_BY_CLOCK, asked)
    return at
