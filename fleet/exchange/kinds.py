"""Kinds of columns: how a cell is read into a value, and how the value is shown again.

`read` raises CellRefused; it is never given a blank cell. `show` is never given None. `note` tells
the form in the template, `choices` are offered there as a drop-down list.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Protocol

from fleet.exchange import reasons
from fleet.exchange.cells import Cell, Shown, number_in, text_in
from fleet.exchange.known import Known
from fleet.exchange.reasons import CellRefused
from kit.clock import SHANGHAI


class Kind(Protocol):
    """What a column holds."""

    def read(self, cell: Cell, known: Known, /) -> object:
        """Return the value in a cell that is not blank. Raises CellRefused."""

    def show(self, value: object, known: Known, /) -> Shown:
        """Return what stands in the cell for a value."""

    @property
    def note(self) -> str:
        """The form, in Chinese, for the template."""

    @property
    def choices(self) -> tuple[str, ...]:
        """The words of a code list, in Chinese; empty where anything goes."""


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text, perhaps of a form (`pattern` matches the whole)."""

    most: int = 100
    pattern: str | None = None
    form: tuple[str, str] = ("格式不对。", "It does not have the form of this column.")
    upper: bool = False
    choices: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """How long it may be."""
        return f"文字，至多 {self.most} 字"

    def read(self, cell: Cell, _known: Known) -> str:
        """Return the text."""
        text = text_in(cell, self.most)
        if self.upper:
            text = text.upper()
        if len(text) > self.most:
            raise CellRefused(reasons.too_long(self.most))
        if self.pattern is not None and not re.fullmatch(self.pattern, text):
            raise CellRefused(reasons.bad_form(*self.form))
        return text

    def show(self, value: object, _known: Known) -> str:
        """Show the text."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds; `unit` is said in the template."""

    least: int
    most: int
    unit: str = ""
    choices: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """The bounds."""
        return f"整数，{self.least} 至 {self.most}{self.unit}"

    def read(self, cell: Cell, _known: Known) -> int:
        """Return the number."""
        number = number_in(cell)
        if number != number.to_integral_value():
            raise CellRefused(reasons.WANT_WHOLE)
        if not self.least <= number <= self.most:
            raise CellRefused(reasons.out_of_bounds(self.least, self.most))
        return int(number)

    def show(self, value: object, _known: Known) -> int:
        """Show the number."""
        assert isinstance(value, int)
        return value


@dataclass(frozen=True, slots=True)
class Scaled:
    """A number with decimal places, stored as a whole number of its smallest part, such as fen."""

    places: int
    least: Decimal
    most: Decimal
    unit: str = ""
    choices: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """The bounds and the places."""
        return f"数字，{self.least} 至 {self.most}{self.unit}，至多 {self.places} 位小数"

    def read(self, cell: Cell, _known: Known) -> int:
        """Return the number in its smallest part; one with more places is refused, not rounded."""
        number = number_in(cell)
        if not self.least <= number <= self.most:
            raise CellRefused(reasons.out_of_bounds(self.least, self.most))
        parts = number.scaleb(self.places)
        if parts != parts.to_integral_value():
            raise CellRefused(reasons.too_many_places(self.places))
        return int(parts)

    def show(self, value: object, _known: Known) -> Decimal:
        """Show the number with its places."""
        assert isinstance(value, int)
        return Decimal(value).scaleb(-self.places)


@dataclass(frozen=True, slots=True)
class Degrees:
    """Latitude or longitude in degrees of WGS-84, to seven places (a centimetre)."""

    most: int
    choices: tuple[str, ...] = ()
    note: str = "十进制度，WGS-84 坐标（非 GCJ-02、BD-09）"

    def read(self, cell: Cell, _known: Known) -> float:
        """Return the degrees."""
        number = number_in(cell)
        if abs(number) > self.most:
            raise CellRefused(reasons.out_of_bounds(-self.most, self.most))
        return float(number)

    def show(self, value: object, _known: Known) -> Decimal:
        """Show the degrees."""
        assert isinstance(value, float)
        return Decimal(f"{value:.7f}")


@dataclass(frozen=True, slots=True)
class Code:
    """A word of a code list, written by its Chinese label or by the word itself."""

    labels: Mapping[str, str]
    note: str = "从下拉列表中选择"

    @property
    def choices(self) -> tuple[str, ...]:
        """The Chinese labels."""
        return tuple(self.labels.values())

    def read(self, cell: Cell, _known: Known) -> str:
        """Return the code word."""
        text = text_in(cell)
        for word, label in self.labels.items():
            if text in (word, label):
                return word
        raise CellRefused(reasons.not_in_list(list(self.choices)))

    def show(self, value: object, _known: Known) -> str:
        """Show the Chinese label."""
        return self.labels.get(str(value), str(value))


@dataclass(frozen=True, slots=True)
class Codes:
    """Words of a code list, divided by 、 or commas; `divider` stands between them when stored."""

    labels: Mapping[str, str]
    divider: str = ","
    choices: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """The words."""
        return f"可多个，以、分隔：{'、'.join(self.labels.values())}"

    def read(self, cell: Cell, known: Known) -> str:
        """Return the code words in their order, without repeats."""
        one = Code(self.labels)
        parts = filter(None, map(str.strip, re.split("[、,，]", text_in(cell))))
        return self.divider.join(sorted({one.read(part, known) for part in parts}))

    def show(self, value: object, _known: Known) -> str | None:
        """Show the Chinese labels."""
        words = sorted(filter(None, str(value).split(self.divider)))
        return "、".join(self.labels.get(word, word) for word in words) or None


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    note: str = "是 或 否"
    choices: tuple[str, ...] = ("是", "否")
    _words: Mapping[str, bool] = field(
        default_factory=lambda: {
            "是": True, "否": False, "true": True, "false": False, "1": True, "0": False,
        }
    )  # fmt: skip

    def read(self, cell: Cell, _known: Known) -> bool:
        """Return whether it is so."""
        if isinstance(cell, bool):
            return cell
        word = self._words.get(text_in(cell).lower())
        if word is None:
            raise CellRefused(reasons.not_in_list(list(self.choices)))
        return word

    def show(self, value: object, _known: Known) -> str:
        """Show 是 or 否."""
        return self.choices[0] if value else self.choices[1]


_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_DAY_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_CLOCK = re.compile(r"(.+?)[ T]+(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?", re.ASCII)
# More than any way of writing one needs.
_LONGEST_INSTANT = 40
_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day."""

    note: str = "日期，如 2026-01-31"
    choices: tuple[str, ...] = ()

    def read(self, cell: Cell, _known: Known) -> date:
        """Return the day; a clock time other than midnight is refused."""
        if isinstance(cell, datetime):
            if (cell.hour, cell.minute, cell.second) != (0, 0, 0):
                raise CellRefused(reasons.WANT_DAY)
            return _bounded(cell.date())
        if isinstance(cell, date):
            return _bounded(cell)
        text = text_in(cell, _LONGEST_INSTANT)
        return _day(text.removesuffix(" 00:00:00"))

    def show(self, value: object, _known: Known) -> date:
        """Show the day; an instant is shown by its day in Beijing."""
        if isinstance(value, datetime):
            return value.astimezone(SHANGHAI).date()
        assert isinstance(value, date)
        return value


@dataclass(frozen=True, slots=True)
class Instant:
    """An instant, written and shown by the wall clock of Beijing, to the second."""

    note: str = "北京时间，如 2026-01-31 08:30"
    choices: tuple[str, ...] = ()

    def read(self, cell: Cell, _known: Known) -> datetime:
        """Return the instant, aware, in UTC."""
        if isinstance(cell, datetime):
            _bounded(cell.date())
            return cell.replace(tzinfo=SHANGHAI).astimezone(UTC)
        if isinstance(cell, date):
            day, clock = _bounded(cell), (0, 0, 0)
        else:
            day, clock = self._parts(text_in(cell, _LONGEST_INSTANT))
        try:
            local = datetime(day.year, day.month, day.day, *clock, tzinfo=SHANGHAI)
        except ValueError as error:
            raise CellRefused(reasons.WANT_INSTANT) from error
        return local.astimezone(UTC)

    def show(self, value: object, _known: Known) -> datetime:
        """Show the wall clock of Beijing, which knows no zone."""
        assert isinstance(value, datetime)
        return value.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)

    @staticmethod
    def _parts(text: str) -> tuple[date, tuple[int, int, int]]:
        matched = _CLOCK.fullmatch(text)
        if matched is None:
            return _day(text), (0, 0, 0)
        return _day(matched[1]), (int(matched[2]), int(matched[3]), int(matched[4] or 0))


def _day(text: str) -> date:
    matched = _DAY.fullmatch(text) or _DAY_DIGITS.fullmatch(text)
    if matched is None:
        raise CellRefused(reasons.WANT_DAY)
    try:
        return _bounded(date(int(matched[1]), int(matched[2]), int(matched[3])))
    except ValueError as error:
        raise CellRefused(reasons.WANT_DAY) from error


def _bounded(day: date) -> date:
    if not _EARLIEST <= day <= _LATEST:
        raise CellRefused(reasons.out_of_bounds(_EARLIEST, _LATEST))
    return day


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """An organisation within scope, by name, by “parent/name”, by its USCC or by its id."""

    note: str = "机构名称；重名时写“上级/名称”，或写统一社会信用代码"
    choices: tuple[str, ...] = ()

    def read(self, cell: Cell, known: Known) -> int:
        """Return its number."""
        return known.organisations.find(text_in(cell))

    def show(self, value: object, known: Known) -> str | None:
        """Show the shortest name that tells it apart."""
        assert isinstance(value, int)
        return known.organisations.show(value)


@dataclass(frozen=True, slots=True)
class OrganisationOf(OrganisationName):
    """An organisation whose own name is shown although it may stand beyond the scope."""

    def show(self, value: object, known: Known) -> str | None:
        """Show the name that is stored, or that of the number which was read."""
        return known.organisations.path(value)[-1] if isinstance(value, int) else str(value)


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place within scope, by name or by “organisation/name”."""

    note: str = "地点名称；重名时写“机构/名称”"
    choices: tuple[str, ...] = ()

    def read(self, cell: Cell, known: Known) -> int:
        """Return its number."""
        return known.places.find(text_in(cell))

    def show(self, value: object, known: Known) -> str | None:
        """Show the shortest name that tells it apart."""
        assert isinstance(value, int)
        return known.places.show(value)
