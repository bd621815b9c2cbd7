"""What a cell may hold, and how text, numbers and days are read from it whatever its format.

People store numbers as text and text as numbers; both are read where nothing is lost by it.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from fleet.exchange.reasons import (
    CONTROL,
    ERROR_VALUE,
    FORMULA,
    PRECISION_LOST,
    WANT_NUMBER,
    WANT_TEXT,
    CellRefused,
    too_long,
)


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that wants to be computed; its text is kept only to be shown."""

    text: str


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A cell that shows #N/A or the like."""

    text: str


Cell = str | int | float | bool | datetime | date | time | timedelta | Formula | ErrorValue | None
Shown = str | int | Decimal | float | date | datetime | None

LONGEST_CELL = 32_767
"""Characters of a cell's text. Source: Microsoft, Excel specifications and limits."""
# Room for a path of names; what has a shorter bound of its own says so.
_LONGEST_TEXT = 2_000
# Spreadsheets keep 15 digits of a number and show zeros for the rest.
_EXACT = 10**15
_MOST_DIGITS = 40
_PLAIN_NUMBER = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})


def is_blank(cell: Cell) -> bool:
    """Return whether there is nothing in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_in(cell: Cell, most: int = _LONGEST_TEXT) -> str:
    """Return the one line of text in a cell, of at most so many characters.

    A number gives its digits. Raises CellRefused.
    """
    _refuse_unreadable(cell)
    if isinstance(cell, str):
        text = cell.strip()
        # First, for every character is looked at below, and a file has millions of cells.
        if len(text) > most:
            raise CellRefused(too_long(most))
        if not text.isprintable() and any(unicodedata.category(c) in _UNSEEN for c in text):
            raise CellRefused(CONTROL)
        return text
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise CellRefused(WANT_TEXT)
    if abs(cell) >= _EXACT:
        raise CellRefused(PRECISION_LOST)
    return str(int(cell)) if cell == int(cell) else repr(cell)


def number_in(cell: Cell) -> Decimal:
    """Return the number in a cell. Raises CellRefused.

    A number cell counts to the 15 digits that spreadsheets keep and show. Text counts where it is
    plainly a number: digits 0-9, perhaps a minus, a point, commas between thousands. Anything
    else that might mean a number (1e5, 1_0, full-width digits) is refused and not guessed at.
    """
    _refuse_unreadable(cell)
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise CellRefused(WANT_NUMBER)
    if isinstance(cell, str):
        text = cell.strip()
        if len(text) > _MOST_DIGITS or not _PLAIN_NUMBER.fullmatch(text):
            raise CellRefused(WANT_NUMBER)
        number = Decimal(text.replace(",", ""))
    elif abs(cell) < _EXACT:  # false for what is not a number at all
        number = Decimal(cell) if isinstance(cell, int) else Decimal(f"{cell:.15g}")
    else:
        raise CellRefused(PRECISION_LOST if cell == cell else WANT_NUMBER)
    if abs(number) >= _EXACT:
        raise CellRefused(PRECISION_LOST)
    return number


def as_written(cell: Cell) -> str:
    """Return what a person sees in a cell, to quote it beside a problem (100 characters)."""
    if isinstance(cell, Formula | ErrorValue):
        return cell.text[:100]
    if isinstance(cell, float) and cell == cell and abs(cell) < _EXACT and cell == int(cell):
        cell = int(cell)
    text = "" if cell is None else str(cell)
    return "".join("\ufffd" if unicodedata.category(c) in {"Cc", "Cs"} else c for c in text[:100])


def _refuse_unreadable(cell: Cell) -> None:
    if isinstance(cell, Formula):
        raise CellRefused(FORMULA)
    if isinstance(cell, ErrorValue):
        raise CellRefused(ERROR_VALUE)
