"""Charts of simulations as SVG: bars beside their figures, so that colour alone says nothing.

Colours are two of Okabe and Ito's (2008), which stay apart for every kind of colour vision.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_BAR_PX, _GAP_PX, _TOP_PX, _LABEL_PX, _WIDE_PX = 18, 8, 58, 190, 300
_COLOURS = ("#0072B2", "#D55E00", "#009E73")


@dataclass(frozen=True, slots=True)
class Column:
    """A figure of each row: its heading with the unit, and how many decimals are shown."""

    heading: str
    values: tuple[float, ...]
    decimals: int = 1


def bars(title: str, rows: Sequence[str], columns: Sequence[Column]) -> str:
    """Return an SVG document of one group of bars for each column, rows beneath one another.

    Raises ValueError where a column has not a value for each row.
    """
    if any(len(column.values) != len(rows) for column in columns):
        raise ValueError("every column has a value for each row")
    height = _TOP_PX + len(rows) * (_BAR_PX + _GAP_PX) + 12
    width = _LABEL_PX + len(columns) * _WIDE_PX
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="title" font-family="sans-serif" font-size="13">',
        f'<title id="title">{escape(title)}</title>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="22" font-size="15" font-weight="bold">{escape(title)}</text>',
    ]
    parts += [_text(12, _y(row) + 13, label) for row, label in enumerate(rows)]
    for number, column in enumerate(columns):
        parts += _column(_LABEL_PX + number * _WIDE_PX, column, _COLOURS[number % len(_COLOURS)])
    return "\n".join([*parts, "</svg>", ""])


def _column(left: int, column: Column, colour: str) -> list[str]:
    most = max([*column.values, 1e-9])
    parts = [_text(left, _TOP_PX - 12, column.heading)]
    for row, value in enumerate(column.values):
        length = max(1.0, value / most * (_WIDE_PX - 90))
        parts.append(
            f'<rect x="{left}" y="{_y(row)}" width="{length:.1f}" height="{_BAR_PX}" '
            f'fill="{colour}"/>'
        )
        parts.append(_text(left + length + 6, _y(row) + 13, f"{value:,.{column.decimals}f}"))
    return parts


def _y(row: int) -> int:
    return _TOP_PX + row * (_BAR_PX + _GAP_PX)


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y}">{escape(text)}</text>'
