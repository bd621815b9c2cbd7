"""CSV (RFC 4180, UTF-8 with a byte order mark): every position, with what speaks against it.

The head stands above the headings, the count below the rows; no cell is computed by a spreadsheet
program (`fleet.exchange.neutral`).
"""

import csv
import io
from collections.abc import Iterable, Sequence

from fleet.exchange.neutral import neutral
from tracking.exports.heads import DATUM, Head
from tracking.exports.points import Point, instant

_HEADINGS = (
    "时间（UTC）",
    "接收时间（UTC）",
    "纬度",
    "经度",
    "高程（米）",
    "速度（千米/时）",
    "方向（度）",
    "里程表（米）",
    "ACC",
    "存疑原因",
)

Cell = str | int | float | None


class CsvFile:
    """Lines of cells; numbers stay numbers."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._count = 0

    def begin(self) -> str:
        head = self._head
        return "\ufeff" + _lines(
            [[head.watermark], [head.title], [f"坐标系：{DATUM}"], list(_HEADINGS)]
        )

    def add(self, points: Sequence[Point]) -> str:
        self._count += len(points)
        return _lines(map(_cells, points))

    def end(self) -> str:
        return _lines([[f"共 {self._count} 行"]])


def _cells(point: Point) -> list[Cell]:
    return [
        instant(point.time),
        None if point.received_at is None else instant(point.received_at),
        point.latitude,
        point.longitude,
        point.altitude_m,
        point.speed_kmh,
        point.course_deg,
        point.odometer_m,
        None if point.acc is None else int(point.acc),
        " ".join(point.reasons),
    ]


def _lines(rows: Iterable[Sequence[Cell]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(
        [neutral(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return text.getvalue()
