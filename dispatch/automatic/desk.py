"""What every part of auto-dispatch needs: sessions, sources, the clock, and the lease it acts by.

Each act is one transaction that ends with a look at the lease: an owner that was paused past it,
or has lost it, commits nothing, and a process that dies leaves nothing half done.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.suggestions.weighing import Sources
from kit.database import Sessions, transaction
from tracking.leases import Leases, end_when_paused

LEASES = Leases("dispatch_lease")


@dataclass(frozen=True, slots=True)
class Desk:
    """By what the system dispatches: `held` is the lease's epoch by its one partition."""

    sessions: Sessions
    owner: str
    held: Mapping[int, int]
    lease: timedelta
    sources: Callable[[], Sources]
    clock: Callable[[], datetime]

    @asynccontextmanager
    async def act(self) -> AsyncIterator[AsyncSession]:
        """Yield a session whose work is committed only while the lease is held.

        Raises LeaseLost.
        """
        async with transaction(self.sessions) as session:
            await end_when_paused(session, self.lease)
            yield session
            await LEASES.require(session, self.owner, self.held)
