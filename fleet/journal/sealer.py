"""The sealer at work: step after step while entries wait, each head also kept outside."""

import asyncio
import logging
import socket

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.journal import chain_store
from fleet.journal.chain import Root
from fleet.journal.heads import HeadsFile, OutsideHead
from fleet.journal.heads_store import add_begun, heads_begun
from fleet.journal.sealing import seal_pending
from fleet.journal.words import Algorithm
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.ending import to_its_end

log = logging.getLogger(__name__)

SEAL_EVERY_S = 0.5
_TURN_EVERY_S = 0.05


class Sealer:
    """Seals what is committed. Every worker runs one; the database lets one at a time work."""

    def __init__(self, sessions: Sessions, heads: HeadsFile, algorithm: Algorithm) -> None:
        self._sessions, self._heads, self._algorithm = sessions, heads, algorithm

    async def check(self) -> bool:
        """Return whether the newest head kept outside stands in the chain; log it if not.

        A head whose writer was killed between its commit and the file is written now. Waits for
        its turn at the file: another worker may be about to write a later one.
        """
        while True:
            with self._heads.turn() as is_ours:
                if is_ours:
                    return await self._catch_up()
            await asyncio.sleep(_TURN_EVERY_S)

    async def _catch_up(self) -> bool:
        outside = await asyncio.to_thread(self._heads.last)
        async with transaction(self._sessions) as session:
            newest = await chain_store.last_root(session)
            is_known = await heads_begun(session) is not None
            stands = outside is None or await _stands(session, outside)
        if outside is not None and not stands:
            self._log_another_chain(outside)
            return False
        if outside is not None and not is_known:
            await self._tell_begun()
        if newest is not None and (outside is None or outside.n < newest.n):
            await to_its_end(self._keep(newest))
        return True

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
        await to_its_end(self._keep(sealed.root))
        return sealed.full

    async def _keep(self, root: Root) -> None:
        last = await asyncio.to_thread(self._heads.last)
        if last is not None and root.n <= last.n:
            self._log_another_chain(last)
            return
        await asyncio.to_thread(self._heads.append, root)
        if last is None:
            await self._tell_begun()

    def _log_another_chain(self, outside: OutsideHead) -> None:
        log.error(
            "the journal is not the one whose heads were kept outside; run gongche journal verify",
            extra={"seal": outside.n, "heads": str(self._heads.path)},
        )

    async def _tell_begun(self) -> None:
        """Let the database know of the file, so that its loss shows."""
        first = await asyncio.to_thread(self._heads.first)
        if first is None:
            return
        place = f"{socket.gethostname()}:{self._heads.path.absolute()}"
        async with transaction(self._sessions) as session:
            add_begun(session, first.n, place, utc_now())


async def _stands(session: AsyncSession, outside: OutsideHead) -> bool:
    root = await chain_store.root_at(session, outside.n)
    return root is not None and root.head == outside.head
