"""The use case: how good is the data of the terminals that the actor may read?"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor
from fleet.errors import EmptyPeriod
from fleet.permissions import Permission
from fleet.refs import Named
from kit.errors import BadRequest
from kit.paging import decode_cursor, encode_cursor, uuid_in
from tracking.quality import store
from tracking.quality.figures import DAY_S, share
from tracking.quality.schemas import DoubtReasons, QualityItem, QualityPage

MOST_DAYS = 366


class PeriodTooLong(BadRequest):
    """Ask for 366 days at most."""


@dataclass(frozen=True, slots=True)
class AskedQuality:
    """A question about the days in [start, end), of one terminal or of all."""

    start: date
    end: date
    terminal_id: UUID | None

    @property
    def days(self) -> int:
        """How many days are asked for."""
        return (self.end - self.start).days


async def quality(
    session: AsyncSession, actor: Actor, asked: AskedQuality, limit: int, cursor: str | None
) -> QualityPage:
    """Return a page of terminals. Raises EmptyPeriod, PeriodTooLong."""
    if asked.days < 1:
        raise EmptyPeriod
    if asked.days > MOST_DAYS:
        raise PeriodTooLong
    after = decode_cursor(cursor, 2)
    rows = await store.read_periods(
        session,
        actor.scope(Permission.TERMINAL_READ),
        start=asked.start,
        end=asked.end,
        terminal_id=asked.terminal_id,
        after=None if after is None else (str(after[0]), uuid_in(after[1])),
        limit=limit + 1,
    )
    items = [_item(row, asked.days) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    return QualityPage(
        items=items,
        next_cursor=None if last is None else encode_cursor([last.phone, str(last.terminal_id)]),
    )


def _item(row: Row[*tuple[Any, ...]], days: int) -> QualityItem:
    told = row._mapping
    return QualityItem(
        terminal_id=row.id,
        phone=row.phone,
        unit=Named(id=row.unit_id, name=row.unit_name),
        days=row.days,
        positions=row.positions,
        repeats=row.repeats,
        backfilled=row.backfilled,
        doubtful=row.doubtful,
        reasons=DoubtReasons(**{name: told[name] for name in DoubtReasons.model_fields}),
        online=row.online_s / (DAY_S * days),
        complete=share(row.moving, row.moving + row.missing),
        drift=share(row.drifting, row.parked),
        accepted=share(row.positions - row.doubtful, row.positions),
        jumps=row.jumps,
        interval_s=row.interval_s,
        clock_offset_s=row.clock_offset_s,
    )
