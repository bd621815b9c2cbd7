"""SQL of the agency's own places, inside the scope that it is told."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Float, Row, and_, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.roads.network import LatLon
from dispatch.roads.place_search.spelling import plain, tokens
from fleet.lists import within
from fleet.places.tables import Place
from fleet.places.watched import not_hidden

_METRES_PER_DEGREE = 111_194.9
MOST_OWN = 500
"""So many own places that may meet a query are read, and ranked: an agency's list is short."""

OwnPlace = Row[UUID, str, str, float, float, int]
"""(id, name, kind, latitude, longitude, radius in metres)"""


async def own_places(
    session: AsyncSession, scope: frozenset[int], query: str, *, watched: frozenset[int]
) -> Sequence[OwnPlace]:
    """Places within the scope, and everybody's, that may meet the query; by pinyin of the name.

    watched: the organisations whose watched places are among them; with any, everybody's are too
    """
    may_meet = [_may_meet(part) for part in tokens(query)]
    if not may_meet:
        return []
    return await _own(session, scope, and_(*may_meet), watched=watched)


async def own_places_around(
    session: AsyncSession, scope: frozenset[int], point: LatLon, *, watched: frozenset[int]
) -> Sequence[OwnPlace]:
    """Places within the scope, and everybody's, whose circle may hold the point."""
    south_north = func.abs(Place.latitude - point[0]) * _METRES_PER_DEGREE
    return await _own(session, scope, south_north <= cast(Place.radius_m, Float), watched=watched)


async def _own(
    session: AsyncSession,
    scope: frozenset[int],
    condition: ColumnElement[bool],
    *,
    watched: frozenset[int],
) -> Sequence[OwnPlace]:
    statement = (
        select(Place.id, Place.name, Place.kind, Place.latitude, Place.longitude, Place.radius_m)
        .where(
            condition,
            or_(Place.organisation_no.is_(None), within(Place.organisation_no, scope)),
            not_hidden(watched),
        )
        .order_by(Place.sort_key, Place.id)
        .limit(MOST_OWN)
    )
    return (await session.execute(statement)).all()


def _may_meet(part: str) -> ColumnElement[bool]:
    """Whether a name, its pinyin or its initials hold a part of a query."""
    part = plain(part)
    toneless = func.regexp_replace(Place.sort_key, "[0-9]", "", "g")
    spoken = func.regexp_replace(toneless, "[^[:alnum:]]", "", "g")
    initials = func.regexp_replace(toneless, "([[:alpha:]])[[:alpha:]]* *", r"\1", "g")
    bare = func.regexp_replace(Place.name, "[[:space:][:punct:]]", "", "g")
    return or_(
        bare.icontains(part, autoescape=True),
        spoken.contains(part, autoescape=True),
        initials.contains(part, autoescape=True),
    )
