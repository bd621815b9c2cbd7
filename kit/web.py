"""What every route needs: the request's transaction, its instant, and where it came from.

One request is one transaction. It is committed after the route returns and before the answer
leaves, so that an answer of 2xx is never taken back.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request
from pydantic import AfterValidator, AwareDatetime
from sqlalchemy.ext.asyncio import AsyncSession

from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.settings import Settings

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _in_range(instant: datetime) -> datetime:
    known = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    if not EARLIEST <= known < LATEST:
        raise ValueError("the instant must lie between the years 1900 and 2200")
    return instant


# What a client may send. The database holds wider instants than this language can read back.
InstantIn = Annotated[AwareDatetime, AfterValidator(_in_range)]
LooseInstantIn = Annotated[datetime, AfterValidator(_in_range)]


async def _session(request: Request) -> AsyncIterator[AsyncSession]:
    sessions: Sessions = request.app.state.sessions
    async with transaction(sessions) as session:
        yield session


def _sessions(request: Request) -> Sessions:
    sessions: Sessions = request.app.state.sessions
    return sessions


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _now() -> datetime:
    return utc_now()


def _address(request: Request) -> str | None:
    return request.client.host if request.client else None


DbSession = Annotated[AsyncSession, Depends(_session, scope="function")]
# For what is to be read or written apart from the request's own transaction.
AppSessions = Annotated[Sessions, Depends(_sessions)]
AppSettings = Annotated[Settings, Depends(_settings)]
Now = Annotated[datetime, Depends(_now)]
Address = Annotated[str | None, Depends(_address)]
