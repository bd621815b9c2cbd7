"""KML 2.2 (OGC 07-147r2): a line with its time span for each unbroken stretch of a page.

The next line begins where the last one ended, unless a silence lies between. A point alone is a
point. Longitude stands before latitude; the datum of KML is WGS-84.
"""

from collections.abc import Sequence
from itertools import pairwise

from tracking.exports.heads import DATUM, Head
from tracking.exports.points import Point, degrees, instant, is_break, xml_text


class KmlFile:
    """A document with a folder of lines, and a last one that states the count."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._count = 0
        self._last: Point | None = None

    def begin(self) -> str:
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
            f"<name>{xml_text(self._head.title)}</name>"
            f"<description>{xml_text(self._head.watermark)} · {DATUM}</description>\n"
            f"<Folder><name>{xml_text(self._head.plate)}</name>\n"
        )

    def add(self, points: Sequence[Point]) -> str:
        if not points:
            return ""
        self._count += len(points)
        joined = list(points) if is_break(self._last, points[0]) else [self._last, *points]
        known = [point for point in joined if point is not None]
        self._last = known[-1]
        starts = [0, *(i for i, two in enumerate(pairwise(known), 1) if is_break(*two))]
        return "".join(
            _placemark(known[start:stop]) for start, stop in pairwise([*starts, len(known)])
        )

    def end(self) -> str:
        return (
            "</Folder>\n<Folder><name>定位点数</name><ExtendedData>"
            f'<Data name="positions"><value>{self._count}</value></Data></ExtendedData></Folder>\n'
            "</Document></kml>\n"
        )


def _placemark(points: Sequence[Point]) -> str:
    kind = "LineString" if len(points) > 1 else "Point"
    where = " ".join(f"{degrees(point.longitude)},{degrees(point.latitude)}" for point in points)
    return (
        f"<Placemark><TimeSpan><begin>{instant(points[0].time)}</begin>"
        f"<end>{instant(points[-1].time)}</end></TimeSpan>"
        f"<{kind}><coordinates>{where}</coordinates></{kind}></Placemark>\n"
    )
