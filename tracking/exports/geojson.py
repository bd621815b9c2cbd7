"""GeoJSON (RFC 7946): a point for each position; longitude before latitude, always WGS-84."""

import json
from collections.abc import Sequence

from tracking.exports.heads import DATUM, Head
from tracking.exports.points import Point, instant


class GeoJsonFile:
    """A collection; what it is and how many there are stand beside it as foreign members."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._count = 0

    def begin(self) -> str:
        told = {"title": self._head.title, "watermark": self._head.watermark, "datum": DATUM}
        members = "".join(f'"{name}":{_json(value)},\n' for name, value in told.items())
        return f'{{"type":"FeatureCollection",\n{members}"features":['

    def add(self, points: Sequence[Point]) -> str:
        parts = []
        for point in points:
            parts.append((",\n" if self._count else "\n") + _json(_feature(point)))
            self._count += 1
        return "".join(parts)

    def end(self) -> str:
        return f'\n],"positions":{self._count}}}\n'


def _feature(point: Point) -> dict[str, object]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [point.longitude, point.latitude]},
        "properties": {
            "time": instant(point.time),
            "altitude_m": point.altitude_m,
            "speed_kmh": point.speed_kmh,
            "course_deg": point.course_deg,
        },
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
