"""SQL of the chain: what waits for a seal, the seals, and what an erasure takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.journal.chain import Root
from fleet.journal.tables import JournalSeal
from fleet.journal.words import Algorithm

_SEALER = 0x6A6F7572  # one sealer at a time, whichever worker it runs in

_TAKE = text("""
    WITH taken AS (
        DELETE FROM journal_pending WHERE entry_no IN (
            SELECT entry_no FROM journal_pending WHERE refused IS NULL
            ORDER BY entry_no LIMIT :most
        ) RETURNING entry_no, since
    )
    SELECT taken.entry_no, taken.since, j.no IS NOT NULL AS present, j.header, j.salt, j.payload
    FROM taken LEFT JOIN journal j ON j.no = taken.entry_no
    WHERE NOT EXISTS (SELECT FROM journal_seal s WHERE s.entry_no = taken.entry_no)
    ORDER BY taken.entry_no
""")

_ADD_SEALS = text("""
    INSERT INTO journal_seal (n, entry_no, algorithm, sealed_at, payload_digest, digest, head)
    SELECT :n + ordinality - 1, entry_no, :algorithm, :sealed_at, payload_digest, digest, head
    FROM unnest(CAST(:entry_nos AS bigint[]), CAST(:payload_digests AS bytea[]),
                CAST(:digests AS bytea[]), CAST(:heads AS bytea[]))
         WITH ORDINALITY AS sealed (entry_no, payload_digest, digest, head, ordinality)
""")

_ERASABLE = text("""
    SELECT s.n, j.no FROM journal j JOIN journal_seal s ON s.entry_no = j.no
    WHERE j.at < :before AND j.erased_by IS NULL AND j.action <> :erasure
      AND (CAST(:object_kinds AS text[]) IS NULL OR j.object_kind = ANY(:object_kinds))
    ORDER BY s.n LIMIT :most FOR UPDATE OF j
""")

_ERASE = text("""
    UPDATE journal SET salt = NULL, payload = NULL, actor_name = NULL, reason = NULL,
           address = NULL, erased_by = :erased_by
    WHERE no = ANY(CAST(:nos AS bigint[]))
""")

_SET_ASIDE = text("""
    INSERT INTO journal_pending (entry_no, since, refused) VALUES (:entry_no, :since, :refused)
""")

# As text, for a number may have more digits than this language reads; and without an instant that
# it has no word for.
_OLD_ENTRIES = text("""
    SELECT no, id, at, actor_no, actor_name, organisation_no, supervisor_no, action, object_kind,
           object_id, reason, address, before::text AS before, after::text AS after
    FROM journal
    WHERE no = ANY(CAST(:nos AS bigint[])) AND header IS NULL
      AND at >= '0001-01-02' AND at < '9999-12-31'
""")

_GIVE_BYTES = text("""
    UPDATE journal SET header = :header, salt = :salt, payload = :payload,
           before = NULL, after = NULL
    WHERE no = :no
""")


_BETWEEN = text("""
    SELECT min(n) AS first, max(n) AS last FROM journal_seal
    WHERE (CAST(:start AS timestamptz) IS NULL OR sealed_at >= :start)
      AND (CAST(:end AS timestamptz) IS NULL OR sealed_at < :end)
""")

_SEALED = text("""
    SELECT s.n, s.sealed_at, s.algorithm, s.payload_digest, s.digest, s.head,
           j.header, j.salt, j.payload, j.organisation_no, j.supervisor_no
    FROM journal_seal s LEFT JOIN journal j ON j.no = s.entry_no
    WHERE s.n BETWEEN :first AND :last ORDER BY s.n
""")


class SealedEntry(NamedTuple):
    """A seal with its entry, whose members are None when it is gone."""

    n: int
    sealed_at: datetime
    algorithm: str
    payload_digest: bytes
    digest: bytes
    head: bytes
    header: bytes | None
    salt: bytes | None
    payload: bytes | None
    organisation_no: int | None
    supervisor_no: int | None


@dataclass(frozen=True, slots=True)
class NewSeal:
    """A seal that is to be stored."""

    entry_no: int
    payload_digest: bytes
    digest: bytes
    head: bytes


async def become_sealer(session: AsyncSession) -> bool:
    """Return whether this transaction alone may seal, until it ends."""
    return bool(await session.scalar(text("SELECT pg_try_advisory_xact_lock(:k)"), {"k": _SEALER}))


async def take_pending(session: AsyncSession, most: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Take committed entries out of the queue, by number: (entry_no, since, present, header, salt,
    payload). One that is not `present` was deleted before its seal; one that has a seal was put
    into the queue again by somebody else, and keeps nobody waiting."""
    return (await session.execute(_TAKE, {"most": most})).all()


async def last_root(session: AsyncSession) -> Root | None:
    """Return the newest head; None before the first seal."""
    row = await session.scalar(select(JournalSeal).order_by(JournalSeal.n.desc()).limit(1))
    return None if row is None else Root(row.n, row.head, row.sealed_at, Algorithm(row.algorithm))


async def root_at(session: AsyncSession, n: int) -> Root | None:
    """Return the head after seal `n`."""
    row = await session.get(JournalSeal, n)
    return None if row is None else Root(row.n, row.head, row.sealed_at, Algorithm(row.algorithm))


async def seals_between(
    session: AsyncSession, start: datetime | None, end: datetime | None
) -> tuple[int, int] | None:
    """Return the first and the last seal made in [start, end)."""
    row = (await session.execute(_BETWEEN, {"start": start, "end": end})).one()
    return None if row.first is None else (row.first, row.last)


async def sealed_entries(session: AsyncSession, first: int, last: int) -> list[SealedEntry]:
    """Return seals with their entries, in order."""
    rows = await session.execute(_SEALED, {"first": first, "last": last})
    return [SealedEntry(*row) for row in rows]


async def add_seals(
    session: AsyncSession,
    seals: Sequence[NewSeal],
    *,
    n: int,
    algorithm: Algorithm,
    sealed_at: datetime,
) -> None:
    """Store seals in this order, the first as number `n`."""
    await session.execute(
        _ADD_SEALS,
        {
            "n": n,
            "algorithm": str(algorithm),
            "sealed_at": sealed_at,
            "entry_nos": [seal.entry_no for seal in seals],
            "payload_digests": [seal.payload_digest for seal in seals],
            "digests": [seal.digest for seal in seals],
            "heads": [seal.head for seal in seals],
        },
    )


async def set_aside(session: AsyncSession, no: int, since: datetime, refused: str) -> None:
    """Put an entry that can't be sealed back into the queue, where the sealer goes around it."""
    await session.execute(_SET_ASIDE, {"entry_no": no, "since": since, "refused": refused})


async def entries_without_bytes(
    session: AsyncSession, nos: Sequence[int]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return those of an older version among these entries, with their values as JSON text."""
    return (await session.execute(_OLD_ENTRIES, {"nos": list(nos)})).all()


async def give_bytes(
    session: AsyncSession, no: int, header: bytes, salt: bytes, payload: bytes
) -> None:
    """Store the canonical bytes of an older version's entry."""
    told = {"no": no, "header": header, "salt": salt, "payload": payload}
    await session.execute(_GIVE_BYTES, told)


async def lock_erasable(
    session: AsyncSession,
    *,
    before: datetime,
    object_kinds: Sequence[str] | None,
    erasure: str,
    most: int,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Lock sealed entries of before an instant that still have a payload: (n, no), by n."""
    told = {"before": before, "object_kinds": object_kinds, "erasure": erasure, "most": most}
    return (await session.execute(_ERASABLE, told)).all()


async def erase_payloads(session: AsyncSession, nos: Sequence[int], erased_by: UUID) -> None:
    """Take from these entries all that is personal."""
    await session.execute(_ERASE, {"nos": list(nos), "erased_by": erased_by})
