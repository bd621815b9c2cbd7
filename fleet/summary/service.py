"""Use case of the fleet's counts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.lists import Slice
from fleet.organisations.store import Scope, by_no, names_at, organisation_in
from fleet.organisations.tables import Organisation
from fleet.refs import Named
from fleet.summary import schemas, store
from fleet.summary.totals import Totals, total
from fleet.words import Category, Energy, Holding
from kit.paging import decode_cursor, encode_cursor, uuid_in


async def summary(
    session: AsyncSession, scope: Scope, organisation_id: UUID | None, at: datetime, part: Slice
) -> schemas.SummaryOut:
    """Return the counts at `at` of an organisation, or of the whole scope, with its parts.

    Organisations carry the names that they had then. Raises NotFound outside `scope`, BadCursor.
    """
    top = await _top(session, scope, organisation_id, at)
    if top is not None:
        children = await store.children_of(session, top.no, scope, at)
        counted = await store.counts(session, [top.no], scope, at, split=True)
    else:
        children = await store.tops_of(session, scope, at)
        counted = await store.counts(session, children, scope, at, split=False)
    own = counted.get(top.no, Totals()) if top is not None else Totals()
    # What has ended and holds nothing is history, not a part.
    rows = [
        row
        for row in (await by_no(session, children)).values()
        if row.no in counted or row.ended_at is None or row.ended_at > at
    ]
    shown, next_cursor = _page(rows, part)
    tops = [top] if top is not None else []
    named = await names_at(session, [row.no for row in (*shown, *tops)], at)
    return schemas.SummaryOut(
        organisation=Named(id=top.id, name=named[top.no]) if top is not None else None,
        at=at,
        total=_out(total(counted.values())),
        own=_out(own),
        items=[
            schemas.PartOut(
                organisation=Named(id=row.id, name=named[row.no]),
                totals=_out(counted.get(row.no, Totals())),
            )
            for row in shown
        ],
        next_cursor=next_cursor,
    )


async def _top(
    session: AsyncSession, scope: Scope, organisation_id: UUID | None, at: datetime
) -> Organisation | None:
    """Return the organisation asked for, or the one top of the scope, None where there are more."""
    if organisation_id is not None:
        return await organisation_in(session, organisation_id, scope)
    tops = await store.tops_of(session, scope, at)
    return await session.get_one(Organisation, tops[0]) if len(tops) == 1 else None


def _page(rows: list[Organisation], part: Slice) -> tuple[list[Organisation], str | None]:
    rows.sort(key=lambda row: (row.sort_key, row.id))
    if (key := decode_cursor(part.cursor, 2)) is not None:
        after = (str(key[0]), uuid_in(key[1]))
        rows = [row for row in rows if (row.sort_key, row.id) > after]
    if len(rows) <= part.limit:
        return rows, None
    last = rows[part.limit - 1]
    return rows[: part.limit], encode_cursor((last.sort_key, str(last.id)))


def _out(counts: Totals) -> schemas.TotalsOut:
    return schemas.TotalsOut(
        units=counts.units,
        drivers=counts.drivers,
        terminals=counts.terminals,
        vehicles=counts.vehicles,
        by_category={Category(code): n for code, n in counts.by_category.items()},
        by_holding={Holding(code): n for code, n in counts.by_holding.items()},
        by_energy={Energy(code): n for code, n in counts.by_energy.items()},
    )
