"""All SQL of settling. One transaction settles one day: a crash at any point leaves it as it was.

A sorted copy of the day is built beside it while rows go on arriving. What arrived meanwhile is
found by the batches that brought it (each position's transaction writes its batch row) and carried
over, once before and once under the short lock in which the copy takes the day's place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.clock import day_period
from tracking.settling.days import Settled, day_of, partition_of
from tracking.settling.tables import SettledDay

Upto = Mapping[int, int]
"""The last batch of each writer whose rows are in the copy."""

# The earliest receipt of a position wins, as in `positions_once`. Each reading of it stays: a newer
# one supersedes and never overwrites.
_IDENTITY = "terminal_no, time, time_raw, digest, decode_version"
_ORDER = f"{_IDENTITY}, received_at, writer_no, batch_n, row_n"

_PARTITIONS = text("""
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'position'::regclass
""")

_COLUMNS = text("""
    SELECT attname FROM pg_attribute
    WHERE attrelid = CAST(:name AS regclass) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
""")

# Which batches of whom are not in the copy, and what they say of the day. A terminal's rows lie
# between its first and last time; the second is for the floats in which the times are written.
_TOUCHING = """
    SELECT b.writer_no, b.n, t.terminal_no, t.first_s, t.last_s
    FROM position_writer w
    LEFT JOIN unnest(CAST(:writer_nos AS integer[]), CAST(:ns AS bigint[])) AS upto(no, n)
           ON upto.no = w.no
    CROSS JOIN LATERAL (
        SELECT * FROM position_batch p WHERE p.writer_no = w.no AND p.n > coalesce(upto.n, 0)
    ) b
    CROSS JOIN LATERAL unnest(b.terminal_nos, b.first_times, b.last_times)
         AS t(terminal_no, first_s, last_s)
    WHERE t.last_s >= :since_s - 1 AND t.first_s <= :until_s
"""

_MARK_LATE = text("""
    WITH late AS (
        SELECT DISTINCT d::date AS day
        FROM position_writer w
        LEFT JOIN settling_progress p ON p.writer_no = w.no
        JOIN position_batch b ON b.writer_no = w.no AND b.n > coalesce(p.n, 0)
        CROSS JOIN LATERAL unnest(b.first_times, b.last_times) AS t(first_s, last_s)
        CROSS JOIN LATERAL generate_series(
            (to_timestamp(t.first_s) AT TIME ZONE 'Asia/Shanghai')::date,
            (to_timestamp(t.last_s) AT TIME ZONE 'Asia/Shanghai')::date,
            interval '1 day'
        ) AS d
        WHERE EXISTS (SELECT FROM settled_day)
    ), marked AS (
        UPDATE settled_day s SET late_since = :now FROM late
        WHERE s.day = late.day AND s.late_since IS NULL
    )
    INSERT INTO settling_progress (writer_no, n) SELECT no, last_n FROM position_writer
    ON CONFLICT (writer_no) DO UPDATE SET n = excluded.n
""")


@dataclass(frozen=True, slots=True)
class Copy:
    """A sorted copy of a day, not yet in its place."""

    day: date
    upto: Upto
    positions: int
    repeats: int


async def is_settler(session: AsyncSession) -> bool:
    """Return whether this transaction may settle: one at a time may, whoever comes first."""
    lock = text("SELECT pg_try_advisory_xact_lock(hashtext('gongche.settling'))")
    return bool(await session.scalar(lock))


async def be_settler(session: AsyncSession) -> None:
    """Wait for this transaction's turn to settle, as long as it is patient."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('gongche.settling'))"))


async def be_patient(session: AsyncSession, milliseconds: int) -> None:
    """Let no statement of this transaction wait longer for a lock."""
    await session.execute(text(f"SET LOCAL lock_timeout = {int(milliseconds)}"))


async def standing_days(session: AsyncSession) -> set[date]:
    """Return the days that have a partition."""
    names = await session.scalars(_PARTITIONS)
    return {day for name in names if (day := day_of(name)) is not None}


async def settled_days(session: AsyncSession) -> list[Settled]:
    """Return the days that are settled."""
    rows = await session.execute(select(SettledDay.day, SettledDay.late_since))
    return [Settled(day, late_since) for day, late_since in rows]


async def make_day(session: AsyncSession, day: date) -> None:
    """Make the partition of a day."""
    await session.execute(text("SELECT ensure_position_day(:day)"), {"day": day})


async def mark_late(session: AsyncSession, now: datetime) -> None:
    """Note which settled days batches have touched since this was last asked."""
    await session.execute(_MARK_LATE, {"now": now})


async def build_copy(session: AsyncSession, day: date, raw: str = "p.raw") -> Copy:
    """Return a sorted and indexed copy of what this statement sees of a day, each position once.

    raw: what becomes of the raw body of a row `p`, in SQL
    The lock keeps retention away (it asks for SHARE), and nobody who reads or writes.
    """
    name, copy = partition_of(day), _copy_of(day)
    since, until = day_period(day)
    bounds = f"time IS NOT NULL AND time >= '{since}' AND time < '{until}'"
    for statement in (
        f"LOCK TABLE {name} IN SHARE UPDATE EXCLUSIVE MODE",
        f"CREATE TABLE {copy} (LIKE {name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS,"
        f" CONSTRAINT in_its_day CHECK ({bounds}))",
    ):
        await session.execute(text(statement))
    names = (await session.scalars(_COLUMNS, {"name": name})).all()
    values = ", ".join(raw if column == "raw" else f"p.{column}" for column in names)
    # One statement, one snapshot: the batches that it names are exactly those that it copies.
    row = (
        await session.execute(
            text(
                f"WITH copied AS (INSERT INTO {copy} ({', '.join(names)})"  # noqa: S608
                f" SELECT DISTINCT ON ({_IDENTITY}) {values}"
                f" FROM {name} p ORDER BY {_ORDER} RETURNING 1)"
                f" SELECT (SELECT count(*) FROM copied), (SELECT count(*) FROM {name}),"
                " (SELECT array_agg(no ORDER BY no) FROM position_writer),"
                " (SELECT array_agg(last_n ORDER BY no) FROM position_writer)"
            )
        )
    ).one()
    positions, rows, writer_nos, ns = row
    for statement in (
        # Over sorted rows: a terminal's hour lies in pages that follow one another.
        f"CREATE INDEX {copy}_terminal ON {copy} (terminal_no, time)",
        f"CREATE INDEX {copy}_time ON {copy} USING brin (time) WITH (pages_per_range = 8)",
        f"CREATE INDEX {copy}_cell ON {copy} (cell, time)",
        f"ANALYZE {copy}",
    ):
        await session.execute(text(statement))
    upto = dict(zip(writer_nos or (), ns or (), strict=True))
    return Copy(day, upto, positions, rows - positions)


async def carry_over(session: AsyncSession, copy: Copy) -> Copy:
    """Return the copy with the day's rows of the batches that it did not hold yet."""
    since, until = day_period(copy.day)
    asked = {
        "writer_nos": list(copy.upto),
        "ns": list(copy.upto.values()),
        "since_s": since.timestamp(),
        "until_s": until.timestamp(),
    }
    row = (
        await session.execute(
            text(
                f"WITH touching AS ({_TOUCHING}), carried AS ("  # noqa: S608
                f" INSERT INTO {_copy_of(copy.day)} SELECT d.* FROM touching t"
                f" JOIN {partition_of(copy.day)} d ON d.terminal_no = t.terminal_no"
                " AND d.writer_no = t.writer_no AND d.batch_n = t.n"
                " AND d.time >= to_timestamp(t.first_s - 1)"
                " AND d.time <= to_timestamp(t.last_s + 1) RETURNING 1)"
                " SELECT (SELECT count(*) FROM carried),"
                " (SELECT array_agg(no ORDER BY no) FROM position_writer),"
                " (SELECT array_agg(last_n ORDER BY no) FROM position_writer)"
            ),
            asked,
        )
    ).one()
    carried, writer_nos, ns = row
    upto = dict(zip(writer_nos or (), ns or (), strict=True))
    return Copy(copy.day, upto, copy.positions + carried, copy.repeats)


async def hold_positions(session: AsyncSession) -> None:
    """Let nobody read or write positions until this transaction ends: milliseconds."""
    await session.execute(text("SELECT hold_positions()"))


async def put_in_place(
    session: AsyncSession, copy: Copy, *, late: bool, now: datetime, raw_left: int | None = None
) -> None:
    """Let the copy be the day's partition, and note that the day is settled.

    late: whether it holds rows that came while it was built, at its end and unsorted
    raw_left: how many raw bodies are left after the others were erased, None where none was
    """
    await session.execute(text("SELECT replace_position_day(:day)"), {"day": copy.day})
    statement = insert(SettledDay).values(
        day=copy.day,
        settled_at=now,
        positions=copy.positions,
        repeats=copy.repeats,
        late_since=now if late else None,
        raw_left=raw_left,
    )
    new = statement.excluded
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["day"],
            set_={
                "settled_at": new.settled_at,
                "positions": new.positions,
                "repeats": SettledDay.repeats + new.repeats,
                "late_since": new.late_since,
                "raw_left": new.raw_left,
            },
        )
    )


async def note_raw_left(session: AsyncSession, day: date, rows: int) -> None:
    """Note how many rows of a settled day have a raw body, when all others have had their time."""
    await session.execute(update(SettledDay).where(SettledDay.day == day).values(raw_left=rows))


async def forget_days(session: AsyncSession, days: Sequence[date]) -> None:
    """Forget that these days were settled: their partitions are gone."""
    await session.execute(
        text("DELETE FROM settled_day WHERE day = ANY(:days)"), {"days": list(days)}
    )


def _copy_of(day: date) -> str:
    return f"settling_{day:%Y%m%d}"
