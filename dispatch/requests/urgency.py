"""The order of the queue: the more urgent class first, then what begins first.

The classes are those of matching (`matching.problem.priority_of`), told in SQL, so that a queue of
any length is paged by them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, or_, tuple_

from dispatch.matching.problem import Priority
from dispatch.tables import MissionRide, Request
from dispatch.words import Purpose
from fleet.words import Category
from kit.paging import decode_cursor, encode_cursor, instant_in, number_in, uuid_in

_START: ColumnElement[datetime] = func.lower(Request.period)


@dataclass(frozen=True, slots=True)
class Urgency:
    """Where a request stands in the queue: its class, its start, and its id between equals."""

    priority: int
    start: datetime
    id: UUID


def priority_column() -> ColumnElement[int]:
    """Return the class of a request as matching tells it."""
    of_mission = exists().where(MissionRide.request_id == Request.id)
    emergency = or_(Request.purpose == Purpose.EMERGENCY, Request.category == Category.EMERGENCY)
    return case(
        (emergency, int(Priority.EMERGENCY)),
        (Request.category == Category.CONFIDENTIAL_COURIER, int(Priority.CONFIDENTIAL)),
        (of_mission, int(Priority.MISSION)),
        else_=int(Priority.ORDINARY),
    )


def urgency_columns() -> tuple[ColumnElement[int], ColumnElement[datetime], ColumnElement[UUID]]:
    """Return what the queue is sorted by."""
    return priority_column(), _START, Request.id.expression


def after(place: Urgency) -> ColumnElement[bool]:
    """Return the condition that a request comes after this place of the queue."""
    return tuple_(*urgency_columns()) > tuple_(place.priority, place.start, place.id)


def place_in(cursor: str | None) -> Urgency | None:
    """Return the place after which the page begins, None for the first. Raises BadCursor."""
    key = decode_cursor(cursor, 3)
    return Urgency(number_in(key[0]), instant_in(key[1]), uuid_in(key[2])) if key else None


def cursor_after_urgent(found: Sequence[tuple[Request, int]], limit: int) -> str | None:
    """Return the cursor after `limit` rows when one more than that was found."""
    if len(found) <= limit:
        return None
    request, priority = found[limit - 1]
    start = request.period.lower
    assert start is not None, "a request has a start"
    return encode_cursor([priority, start.isoformat(), str(request.id)])
