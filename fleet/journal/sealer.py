"""The sealer at work: step after step while entries wait, each head also kept outside."""

import asyncio
import logging

from fleet.journal import chain_store
from fleet.journal.heads import HeadsFile
from fleet.journal.sealing import MOST_ENTRIES, seal_pending
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
        async with transaction(self._sessions) as session:
            root = await chain_store.root_at(session, outside.n)
        if root is not None and root.head == outside.head:
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
        await asyncio.to_thread(self._heads.append, sealed.root)
        return sealed.entries == MOST_ENTRIES
