"""Reads a recorded track: GPX 1.1 (topografix.com/GPX/1/1) or CSV with time, lat, lon[, speed].

Times are RFC 3339 with an offset, degrees WGS-84, speeds km/h in CSV and m/s in GPX.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from pathlib import Path
from xml.parsers import expat

from kit.trouble import Trouble


class BadTrack(Trouble):
    """The file holds no track; the message is the sentence that says why."""


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """A recorded position; an unknown speed is None."""

    time: datetime
    latitude: float
    longitude: float
    speed_kmh: float | None


def read_track(path: Path) -> list[TrackPoint]:
    """Return the points of a file in order of time. Raises BadTrack."""
    readers: dict[str, Callable[[Path], list[TrackPoint]]] = {".gpx": _gpx, ".csv": _csv}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise BadTrack(f"{path.name} is neither a .gpx nor a .csv file.")
    try:
        points = reader(path)
    except OSError as error:
        raise BadTrack(f"{path.name} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadTrack(f"{path.name} is not UTF-8 text.") from error
    if not points:
        raise BadTrack(f"{path.name} has no point with a time.")
    return sorted(points, key=lambda point: point.time)


def _csv(path: Path) -> list[TrackPoint]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = {"time", "lat", "lon"} - set(rows.fieldnames or ())
        if missing:
            raise BadTrack(f"{path.name} has no column {', '.join(sorted(missing))}.")
        return [
            _point(row["time"], row["lat"], row["lon"], row.get("speed"), f"line {rows.line_num}")
            for row in _filled(rows)
        ]


def _filled(rows: Iterable[dict[str, str]]) -> Iterable[dict[str, str]]:
    return (row for row in rows if any(value for value in row.values()))


def _gpx(path: Path) -> list[TrackPoint]:
    reading = _GpxReading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    # No entities: a small file must not become a large one.
    parser.EntityDeclHandler = reading.refuse_entity
    try:
        parser.Parse(path.read_bytes(), True)
    except expat.ExpatError as error:
        raise BadTrack(f"{path.name} is not well-formed XML: {error}.") from error
    return reading.points


class _GpxReading:
    """Collects track points (`trkpt` with `time`, perhaps `speed`) as the parser meets them."""

    def __init__(self) -> None:
        self.points: list[TrackPoint] = []
        self._place: tuple[str, str] | None = None
        self._values: dict[str, str] = {}
        self._inside = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._inside = name.rpartition(" ")[2]
        if self._inside == "trkpt":
            self._place = attributes.get("lat", ""), attributes.get("lon", "")
            self._values = {}

    def text(self, data: str) -> None:
        if self._place is not None and self._inside in ("time", "speed"):
            self._values[self._inside] = self._values.get(self._inside, "") + data

    def end(self, name: str) -> None:
        self._inside = ""
        if name.rpartition(" ")[2] != "trkpt" or self._place is None:
            return
        if "time" in self._values:
            where = f"track point {len(self.points) + 1}"
            point = _point(self._values["time"], *self._place, None, where)
            metres = self._values.get("speed")
            speed = None if metres is None else _number(metres, 0, 150, "speed", where) * 3.6
            self.points.append(TrackPoint(point.time, point.latitude, point.longitude, speed))
        self._place = None

    def refuse_entity(self, *_: object) -> None:
        raise BadTrack("The file declares XML entities, which are not read.")


def _point(time: str, lat: str, lon: str, speed: str | None, where: str) -> TrackPoint:
    try:
        at = datetime.fromisoformat(time.strip())
    except ValueError as error:
        raise BadTrack(f"The time of {where} is no RFC 3339 time: {time!r}.") from error
    if at.tzinfo is None:
        raise BadTrack(f"The time of {where} has no offset: {time!r}.")
    return TrackPoint(
        at,
        _number(lat, -90, 90, "latitude", where),
        _number(lon, -180, 180, "longitude", where),
        _number(speed, 0, 500, "speed", where) if speed else None,
    )


def _number(text: str | None, least: float, most: float, name: str, where: str) -> float:
    try:
        number = float(text or "")
    except ValueError:
        number = float("nan")
    if not isfinite(number) or not least <= number <= most:
        raise BadTrack(f"The {name} of {where} is not between {least} and {most}: {text!r}.")
    return number
