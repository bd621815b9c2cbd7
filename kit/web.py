"""What every route needs: the request's transaction, its instant, and where it came from.

One request is one transaction. It is committed after the route returns and before the answer
leaves, so that an answer of 2xx is never taken back.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.settings import Settings


async def _session(request: Request) -> AsyncIterator[AsyncSession]:
    sessions: Sessions = request.app.state.sessions
    async with transaction(sessions) as session:
        yield session


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _now() -> datetime:
    return utc_now()


def _address(request: Request) -> str | None:
    return request.client.host if request.client else None


DbSession = Annotated[AsyncSession, Depends(_session, scope="function")]
AppSettings = Annotated[Settings, Depends(_settings)]
Now = Annotated[datetime, Depends(_now)]
Address = Annotated[str | None, Depends(_address)]
