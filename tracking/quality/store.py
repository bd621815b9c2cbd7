"""All SQL of data quality. Positions are read from `positions_once`, repeats told by all rows."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Row, Select, delete, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import within
from fleet.tables import Organisation, Terminal
from kit.clock import day_period
from kit.ids import new_id
from tracking.geo import Floats
from tracking.quality.figures import COUNTS, FIGURES, DayFigures, DayOfPositions
from tracking.quality.tables import QualityDue, TerminalDay

_IS_COUNTER = text("SELECT pg_try_advisory_xact_lock(hashtext('gongche.quality'))")

# What is counted stays as it is when its positions are erased: nothing is counted from their rest.
# Doubtful rows touch no time: they are found by their receipt, a while before the commit too.
_MARK_DUE = text("""
    WITH fresh AS (
        SELECT b.* FROM position_writer w
        LEFT JOIN quality_progress q ON q.writer_no = w.no
        JOIN position_batch b ON b.writer_no = w.no AND b.n > coalesce(q.n, 0)
                             AND b.n <= w.last_n
    ), touched AS (
        SELECT t.terminal_no, d::date AS day
        FROM fresh f
        CROSS JOIN LATERAL unnest(f.terminal_nos, f.first_times, f.last_times)
             AS t(terminal_no, first_s, last_s)
        CROSS JOIN LATERAL generate_series(
            (to_timestamp(t.first_s) AT TIME ZONE 'Asia/Shanghai')::date,
            (to_timestamp(t.last_s) AT TIME ZONE 'Asia/Shanghai')::date,
            interval '1 day'
        ) AS d
        UNION
        SELECT p.terminal_no, (p.received_at AT TIME ZONE 'Asia/Shanghai')::date
        FROM positions_once p
        WHERE p.time IS NULL
          AND p.received_at >= (SELECT min(committed_at) - interval '1 hour' FROM fresh)
    ), marked AS (
        INSERT INTO quality_due (terminal_no, day)
        SELECT t.terminal_no, t.day FROM touched t JOIN terminal ON terminal.no = t.terminal_no
        WHERE NOT EXISTS (
            SELECT FROM retention_horizon h WHERE h.kind = 'tracks'
              AND t.day < (h.before AT TIME ZONE 'Asia/Shanghai')::date
        )
        ON CONFLICT DO NOTHING
    )
    INSERT INTO quality_progress (writer_no, n) SELECT no, last_n FROM position_writer
    ON CONFLICT (writer_no) DO UPDATE SET n = excluded.n WHERE quality_progress.n < excluded.n
""")

_POSITIONS = text("""
    SELECT coalesce(extract(epoch FROM p.time)::bigint, -1) AS time_s,
           extract(epoch FROM p.received_at - p.own_time)::float8 AS late_s,
           p.latitude, p.longitude, p.speed_kmh, p.reasons, p.backfilled, p.cell IS NOT NULL AS seen
    FROM (
        (SELECT * FROM positions_once o
         WHERE o.terminal_no = :terminal_no AND o.time >= :since AND o.time < :until OFFSET 0)
        UNION ALL
        (SELECT * FROM positions_once o
         WHERE o.terminal_no = :terminal_no AND o.time IS NULL
           AND o.received_at >= :since AND o.received_at < :until OFFSET 0)
    ) p
    ORDER BY p.time, p.digest
""")

_SEEN = text("""
    SELECT count(*) FROM positions_seen
    WHERE terminal_no = :terminal_no AND time >= :since AND time < :until
""")


async def is_counter(session: AsyncSession) -> bool:
    """Return whether this transaction alone may mark what is due."""
    return bool(await session.scalar(_IS_COUNTER))


async def mark_due(session: AsyncSession) -> None:
    """Mark the days that batches since the last time have touched."""
    await session.execute(_MARK_DUE)


async def take_due(session: AsyncSession, before: date, most: int) -> list[tuple[int, date]]:
    """Return, and take off the list, days before `before` that are to be counted."""
    chosen = (
        select(QualityDue.terminal_no, QualityDue.day)
        .where(QualityDue.day < before)
        .order_by(QualityDue.day, QualityDue.terminal_no)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    due = [(row.terminal_no, row.day) for row in await session.execute(chosen)]
    if due:
        key = tuple_(QualityDue.terminal_no, QualityDue.day)
        await session.execute(delete(QualityDue).where(key.in_(due)))
    return due


async def read_day(session: AsyncSession, terminal_no: int, day: date) -> DayOfPositions:
    """Return what a terminal sent in a Shanghai day."""
    since, until = day_period(day)
    asked = {"terminal_no": terminal_no, "since": since, "until": until}
    rows = (await session.execute(_POSITIONS, asked)).all()
    seen = await session.scalar(_SEEN, asked) or 0
    once = sum(row.seen and row.time_s >= 0 for row in rows)

    def column(name: str, unknown: float) -> Floats:
        values = (getattr(row, name) for row in rows)
        return np.array([unknown if v is None else v for v in values], np.float64)

    return DayOfPositions(
        time_s=np.array([row.time_s for row in rows], np.int64),
        late_s=column("late_s", np.nan),
        lat=column("latitude", np.nan),
        lon=column("longitude", np.nan),
        speed_kmh=column("speed_kmh", -1.0),
        reasons=np.array([row.reasons for row in rows], np.int64),
        backfilled=np.array([row.backfilled for row in rows], np.bool_),
        repeats=max(0, seen - once),
    )


async def save_day(
    session: AsyncSession, terminal_no: int, day: date, figures: DayFigures, now: datetime
) -> None:
    """Keep the figures of a day. Settling takes repeats out: the most ever counted stay."""
    values = {name: getattr(figures, name) for name in FIGURES}
    statement = insert(TerminalDay).values(
        id=new_id(), terminal_no=terminal_no, day=day, counted_at=now, **values
    )
    counted = {name: statement.excluded[name] for name in (*FIGURES, "counted_at")}
    repeats = func.greatest(TerminalDay.repeats, statement.excluded.repeats)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["terminal_no", "day"], set_={**counted, "repeats": repeats}
        )
    )


async def read_periods(
    session: AsyncSession,
    units: frozenset[int],
    *,
    start: date,
    end: date,
    terminal_id: UUID | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return each terminal's sums over the days in [start, end), by number; silent ones too."""
    days = TerminalDay
    sums = [func.coalesce(func.sum(getattr(days, name)), 0).label(name) for name in COUNTS]
    offset = func.percentile_disc(0.5).within_group(days.clock_offset_s)
    interval = func.percentile_disc(0.5).within_group(days.interval_s)
    statement: Select[*tuple[Any, ...]] = (
        select(
            Terminal.id,
            Terminal.phone,
            Organisation.id.label("unit_id"),
            Organisation.name.label("unit_name"),
            func.count(days.day).label("days"),
            offset.label("clock_offset_s"),
            interval.label("interval_s"),
            *sums,
        )
        .join(Organisation, Organisation.no == Terminal.organisation_no)
        .outerjoin(days, (days.terminal_no == Terminal.no) & (days.day >= start) & (days.day < end))
        .where(within(Terminal.organisation_no, units))
        .group_by(Terminal.no, Organisation.no)
        .order_by(Terminal.phone, Terminal.id)
        .limit(limit)
    )
    if terminal_id is not None:
        statement = statement.where(Terminal.id == terminal_id)
    if after is not None:
        statement = statement.where(func.row(Terminal.phone, Terminal.id) > func.row(*after))
    return (await session.execute(statement)).all()
