"""Since when the journal waits: for its seals, and for its heads to stand outside the database."""

import asyncio
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.journal import chain_store
from fleet.journal.heads import HeadsFile
from fleet.journal.tables import JournalPending


async def unsealed_since(session: AsyncSession) -> datetime | None:
    """Return since when the oldest entry waits for its seal; None while none does.

    Entries that were set aside wait for nobody: `gongche journal verify` names them.
    """
    waits = select(func.min(JournalPending.since)).where(JournalPending.refused.is_(None))
    return await session.scalar(waits)


async def heads_behind_since(session: AsyncSession, heads: HeadsFile) -> datetime | None:
    """Return when the first seal was made whose head the file lacks; None when it lacks none.

    None too where no file is: another host may keep it. Raises HeadsUnreadable, OSError.
    """
    outside = await asyncio.to_thread(heads.last)
    newest = await chain_store.last_root(session)
    if outside is None or newest is None or outside.n >= newest.n:
        return None
    lacking = await chain_store.root_at(session, outside.n + 1)
    return newest.sealed_at if lacking is None else lacking.sealed_at
