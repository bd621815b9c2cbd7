"""The sealer at work: step after step while entries wait, each head also kept outside."""

import asyncio
import logging
import socket

from fleet.journal import chain_store
from fleet.journal.heads import HeadsFile
from fleet.journal.heads_store import add_begun, heads_begun
from fleet.journal.sealing import seal_pending
from fleet.journal.words import Algorithm
from kit.clock import utc_now
from kit.database import Sessions, transaction

log = logging.getLogger(__name__)

SEAL_EVERY_S = 0.5


class Sealer:
    """Seals what is committed. Every worker runs one; the database lets one at a time work."""

    def __init__(self, sessions: Sessions, heads: HeadsFile, algorithm: Algorithm) -> None:
        self._sessions, self._heads, self._algorithm = sessions, heads, algorithm

    async def check(self) -> bool:
        """Return whether the newest head kept outside stands in the chain; log it if not."""
        outside = await asyncio.to_thread(self._heads.last)
        if outside is None:
            return True
        first = await asyncio.to_thread(self._heads.first)
        async with transaction(self._sessions) as session:
            is_known = await heads_begun(session) is not None
            root = await chain_store.root_at(session, outside.n)
        if root is not None and root.head == outside.head:
            if first is not None and not is_known:
                await self._tell_begun(first.n)
            return True
        log.error(
            "the journal is not the one whose heads were kept outside; run gongche journal verify",
            extra={"seal": outside.n, "heads": str(self._heads.path)},
        )
        return False

    async def step(self) -> bool:
        """Seal what waits; return whether more may wait."""
        with self._heads.turn() as is_ours:
            return is_ours and await self._seal()

    async def _seal(self) -> bool:
        async with transaction(self._sessions) as session:
            sealed = await seal_pending(session, self._algorithm, utc_now())
        if sealed is None:
            return False
        if sealed.lost:
            log.error("journal entries were deleted before their seal", extra={"no": sealed.lost})
        # After the commit: a head outside must never stand for a seal that was rolled back.
        is_begun = await asyncio.to_thread(self._heads.first) is not None
        await asyncio.to_thread(self._heads.append, sealed.root)
        if not is_begun:
            await self._tell_begun(sealed.root.n)
        return sealed.full

    async def _tell_begun(self, n: int) -> None:
        """Let the database know of the file, so that its loss shows."""
        place = f"{socket.gethostname()}:{self._heads.path.absolute()}"
        async with transaction(self._sessions) as session:
            add_begun(session, n, place, utc_now())
