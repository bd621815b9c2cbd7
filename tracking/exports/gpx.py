"""GPX 1.1 (https://www.topografix.com/GPX/1/1): a track, a segment for each unbroken stretch."""

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from tracking.exports.heads import CREATOR, DATUM, Head
from tracking.exports.points import Point, degrees, instant, is_break, xml_text

_OURS = "urn:gongche:track:1"


class GpxFile:
    """Elements in the order of the schema: metadata, trk, extensions."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._count = 0
        self._last: Point | None = None

    def begin(self) -> str:
        head = self._head
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<gpx version="1.1" creator={quoteattr(CREATOR)}'
            f' xmlns="http://www.topografix.com/GPX/1/1" xmlns:gongche="{_OURS}">\n'
            f"<metadata><name>{xml_text(head.title)}</name>"
            f"<desc>{xml_text(head.watermark)} · {DATUM}</desc>"
            f"<author><name>{xml_text(head.by)}</name></author>"
            f"<time>{instant(head.at)}</time></metadata>\n"
            f"<trk><name>{xml_text(head.plate)}</name>\n"
        )

    def add(self, points: Sequence[Point]) -> str:
        return "".join(map(self._point, points))

    def end(self) -> str:
        return (
            ("</trkseg>\n" if self._count else "")
            + "</trk>\n<extensions>"
            + f"<gongche:positions>{self._count}</gongche:positions></extensions>\n</gpx>\n"
        )

    def _point(self, point: Point) -> str:
        begins = ""
        if is_break(self._last, point):
            begins = "<trkseg>\n" if self._last is None else "</trkseg>\n<trkseg>\n"
        self._last = point
        self._count += 1
        height = "" if point.altitude_m is None else f"<ele>{point.altitude_m}</ele>"
        told = (
            ("speed_kmh", point.speed_kmh),
            ("course_deg", point.course_deg),
        )
        more = "".join(
            f"<gongche:{name}>{value}</gongche:{name}>" for name, value in told if value is not None
        )
        where = f'lat="{degrees(point.latitude)}" lon="{degrees(point.longitude)}"'
        return (
            f"{begins}<trkpt {where}>{height}"
            f"<time>{instant(point.time)}</time>"
            + (f"<extensions>{more}</extensions>" if more else "")
            + "</trkpt>\n"
        )
