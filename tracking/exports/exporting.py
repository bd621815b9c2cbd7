"""The use case of export: journalled first, then written page by page as it is read."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.errors import EmptyPeriod
from fleet.sittings.words import LookingPurpose
from kit.database import Sessions, transaction
from kit.errors import BadRequest
from tracking.exports.csv_rows import CsvFile
from tracking.exports.geojson import GeoJsonFile
from tracking.exports.gpx import GpxFile
from tracking.exports.heads import Head
from tracking.exports.kml import KmlFile
from tracking.exports.points import Point, TrackFile
from tracking.history.looking import Look, find_vehicle
from tracking.history.positions import Asked, Key, key_of, read_positions
from tracking.history.store import reason_words

Form = Literal["gpx", "kml", "geojson", "csv"]
LONGEST = timedelta(days=366)
_AT_ONCE = 2_000


class ExportTooLong(BadRequest):
    """Take out 366 days at most."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A form of file: what it is called on the web, and whether it holds doubtful positions."""

    media: str
    file: Callable[[Head], TrackFile]
    is_track: bool = True


KINDS: Mapping[Form, Kind] = {
    "gpx": Kind("application/gpx+xml", GpxFile),
    "kml": Kind("application/vnd.google-earth.kml+xml", KmlFile),
    "geojson": Kind("application/geo+json", GeoJsonFile),
    "csv": Kind("text/csv; charset=utf-8", CsvFile, is_track=False),
}


@dataclass(frozen=True, slots=True)
class Export:
    """A file that is about to be written."""

    form: Form
    head: Head
    asked: Asked


async def begin_export(
    session: AsyncSession,
    look: Look,
    vehicle_id: UUID,
    start: datetime,
    end: datetime,
    form: Form,
) -> Export:
    """Return the export, journalled. Raises EmptyPeriod, ExportTooLong, NotFound."""
    if start >= end:
        raise EmptyPeriod
    if end - start > LONGEST:
        raise ExportTooLong
    vehicle = await find_vehicle(session, look, vehicle_id)
    sitting = look.sitting
    look.journal(
        session,
        "track.export",
        vehicle.id,
        {"start": start.isoformat(), "end": end.isoformat(), "form": form},
    )
    head = Head(
        plate=vehicle.plate,
        start=start,
        end=end,
        by=f"{look.actor.name}（{look.actor.username}）",
        at=look.now,
        purpose=LookingPurpose(sitting.purpose),
        reference=sitting.reference or sitting.letter_no,
    )
    asked = Asked(start, end, vehicle.no, is_track=KINDS[form].is_track)
    return Export(form, head, asked)


async def write_export(sessions: Sessions, export: Export) -> AsyncIterator[str]:
    """Yield the file's parts; each page is read in a transaction of its own."""
    file = KINDS[export.form].file(export.head)
    yield file.begin()
    after: Key | None = None
    while True:
        asked = Asked(
            export.asked.since,
            export.asked.until,
            export.asked.vehicle_no,
            after=after,
            is_track=export.asked.is_track,
        )
        async with transaction(sessions) as session:
            rows = await read_positions(session, asked, _AT_ONCE)
        if rows:
            after = key_of(rows[-1])
            yield file.add([_point(row, asked.is_track) for row in rows])
        if len(rows) < _AT_ONCE:
            break
    yield file.end()


def _point(row: Row[Any], is_track: bool) -> Point:
    place = (row.time, row.latitude, row.longitude, row.altitude_m, row.speed_kmh, row.course_deg)
    if is_track:
        return Point(*place)
    reasons = tuple(reason_words(row.reasons))
    return Point(*place, row.received_at, row.odometer_m, row.acc, reasons)
