"""Who owns what: one owner at a time, by a lease with an epoch, for each part of some work.

Vehicles are parted by number (`VEHICLES`); other work brings a table of its own, of the same
columns. The epoch grows whenever a part changes hands. An owner that was paused past its lease
finds its epoch gone when it commits, and writes nothing. Only the database's clock tells when a
lease ends: owners on several hosts need not agree on the time.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Result, text
from sqlalchemy.ext.asyncio import AsyncSession

_PREPARE = """
    INSERT INTO {table} (partition) SELECT generate_series(0, :partitions - 1)
    ON CONFLICT DO NOTHING
"""

_OWNERS = """
    SELECT count(DISTINCT owner) FROM {table}
    WHERE expires_at > clock_timestamp() AND owner <> :owner
"""

_RENEW = """
    UPDATE {table} SET expires_at = clock_timestamp() + :lease
    WHERE owner = :owner AND expires_at > clock_timestamp()
    RETURNING partition, epoch
"""

_CLAIM = """
    UPDATE {table} l SET owner = :owner, epoch = l.epoch + 1,
        expires_at = clock_timestamp() + :lease
    WHERE l.partition IN (
        SELECT partition FROM {table}
        WHERE owner IS NULL OR expires_at <= clock_timestamp()
        ORDER BY partition LIMIT :wanted FOR UPDATE SKIP LOCKED
    )
    RETURNING l.partition, l.epoch
"""

# Whoever comes late takes from those that hold more than their share; the grown epoch tells them.
_TAKE = """
    UPDATE {table} l SET owner = :owner, epoch = l.epoch + 1,
        expires_at = clock_timestamp() + :lease
    WHERE l.owner <> :owner AND l.partition IN (
        SELECT partition FROM (
            SELECT partition, row_number() OVER (PARTITION BY owner ORDER BY partition) AS rank
            FROM {table} WHERE expires_at > clock_timestamp() AND owner <> :owner
        ) ranked
        WHERE rank > :share ORDER BY rank DESC, partition LIMIT :wanted
    )
    RETURNING l.partition, l.epoch
"""

_RELEASE = """
    UPDATE {table} SET owner = NULL, expires_at = NULL
    WHERE owner = :owner AND partition = ANY(:partitions)
"""

# The lock makes a new owner wait for this commit; the check makes a late one fail.
_HELD = """
    SELECT partition, epoch FROM {table}
    WHERE owner = :owner AND expires_at > clock_timestamp() AND partition = ANY(:partitions)
    FOR SHARE
"""


# A paused owner's open transaction would keep the next one waiting for its rows.
_NO_LONGER = text("SELECT set_config('idle_in_transaction_session_timeout', :milliseconds, true)")


class LeaseLost(Exception):
    """A partition has another owner now: nothing of this step may be written."""


class Leases:
    """The leases of one table: partition, owner, epoch, expires_at."""

    def __init__(self, table: str) -> None:
        self._prepare = text(_PREPARE.format(table=table))
        self._owners = text(_OWNERS.format(table=table))
        self._renew = text(_RENEW.format(table=table))
        self._claim = text(_CLAIM.format(table=table))
        self._take = text(_TAKE.format(table=table))
        self._release = text(_RELEASE.format(table=table))
        self._held = text(_HELD.format(table=table))

    async def prepare(self, session: AsyncSession, partitions: int) -> None:
        """Make sure that every partition has its row."""
        await session.execute(self._prepare, {"partitions": partitions})

    async def renew(self, session: AsyncSession, owner: str, lease: timedelta) -> None:
        """Let the leases that an owner still has last longer, and change nothing else."""
        await session.execute(self._renew, {"owner": owner, "lease": lease})

    async def hold(
        self, session: AsyncSession, owner: str, partitions: int, lease: timedelta
    ) -> dict[int, int]:
        """Renew, give back, claim and take leases towards a fair share; return partition → epoch.

        Shares are even to within one partition, and once they are, nothing moves any more.
        """
        others = await session.scalar(self._owners, {"owner": owner}) or 0
        share = -(-partitions // (others + 1))
        parameters = {"owner": owner, "lease": lease}
        held = dict(sorted(_pairs(await session.execute(self._renew, parameters))))
        if len(held) > share:
            surplus = list(held)[share:]
            await self.release(session, owner, surplus)
            return {p: e for p, e in held.items() if p not in surplus}
        claimed = await session.execute(self._claim, {**parameters, "wanted": share - len(held)})
        held |= dict(_pairs(claimed))
        if (wanted := partitions // (others + 1) - len(held)) > 0:
            taken = await session.execute(
                self._take, {**parameters, "wanted": wanted, "share": share}
            )
            held |= dict(_pairs(taken))
        return held

    async def release(self, session: AsyncSession, owner: str, partitions: list[int]) -> None:
        """Give partitions back at once, so that another owner need not wait for the expiry."""
        await session.execute(self._release, {"owner": owner, "partitions": partitions})

    async def require(self, session: AsyncSession, owner: str, held: Mapping[int, int]) -> None:
        """Raise LeaseLost unless every partition is still held with the same epoch."""
        rows = await session.execute(self._held, {"owner": owner, "partitions": list(held)})
        if dict(_pairs(rows)) != dict(held):
            raise LeaseLost


VEHICLES = Leases("partition_lease")


async def end_when_paused(session: AsyncSession, lease: timedelta) -> None:
    """Let the database end this transaction when its owner falls silent for a lease's time."""
    milliseconds = max(1, round(lease.total_seconds() * 1000))
    await session.execute(_NO_LONGER, {"milliseconds": str(milliseconds)})


def _pairs(result: Result[*tuple[Any, ...]]) -> list[tuple[int, int]]:
    return [(row[0], row[1]) for row in result]
