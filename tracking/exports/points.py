"""A position as files tell it, and what every kind of file can do."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from xml.sax.saxutils import escape

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# A silence of this length breaks a line in two: nobody knows what lies between.
BREAK_S = 600


@dataclass(frozen=True, slots=True)
class Point:
    """A position; unknown is None. Reasons speak against it; a track has none."""

    time: datetime
    latitude: float | None
    longitude: float | None
    altitude_m: int | None
    speed_kmh: float | None
    course_deg: int | None
    received_at: datetime | None = None
    odometer_m: int | None = None
    acc: bool | None = None
    reasons: tuple[str, ...] = ()


class TrackFile(Protocol):
    """A file that is written in parts: `begin`, `add` for each page, `end`."""

    def begin(self) -> str:
        """Return the head of the file."""

    def add(self, points: Sequence[Point]) -> str:
        """Return the part that tells of these points, which follow those before in time."""

    def end(self) -> str:
        """Return the end of the file; it states how many points there were."""


def is_break(before: Point | None, point: Point) -> bool:
    """Whether a line begins anew at this point."""
    return before is None or (point.time - before.time).total_seconds() > BREAK_S


def degrees(angle: float | None) -> str:
    """Return an angle as xsd:decimal, to the centimetre, without an exponent."""
    return "" if angle is None else f"{angle:.7f}"


def xml_text(text: str) -> str:
    """Return text for an element, without what XML 1.0 (section 2.2) keeps in no document."""
    return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def instant(time: datetime) -> str:
    """Return an instant as xsd:dateTime and RFC 3339 write it, in UTC."""
    return time.isoformat().replace("+00:00", "Z")
