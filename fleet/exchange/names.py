"""Objects found by the names that people write: 财政局, or 甲市/财政局 where there are several."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from fleet.exchange.reasons import AMBIGUOUS, CellRefused, Reason


@dataclass(frozen=True, slots=True)
class Entry:
    """An object: its number, the names from the top down to its own, and codes that name it."""

    no: int
    path: tuple[str, ...]
    codes: tuple[str, ...] = ()


@dataclass(slots=True)
class NameIndex:
    """Which object a text names; codes win over names, longer paths tell equal names apart."""

    unknown: Reason
    _paths: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _codes: dict[str, list[int]] = field(default_factory=dict)
    _names: dict[str, list[int]] = field(default_factory=dict)

    def extend(self, entries: Iterable[Entry]) -> None:
        """Know these objects too."""
        for one in entries:
            self._paths[one.no] = one.path
            for code in one.codes:
                self._codes.setdefault(code, []).append(one.no)
            for suffix in _suffixes(one.path):
                self._names.setdefault(suffix, []).append(one.no)

    def path(self, no: int) -> tuple[str, ...]:
        """Return the names from the top down to the object's own."""
        return self._paths[no]

    def has(self, path: tuple[str, ...]) -> bool:
        """Return whether an object with exactly these names is known."""
        return any(self._paths[no] == path for no in self._names.get("/".join(path), ()))

    def is_top(self, name: str) -> bool:
        """Return whether an object of this name has nothing above it here."""
        return any(self._paths[no] == (name,) for no in self._names.get(name, ()))

    def find(self, text: str) -> int:
        """Return the number of the object that `text` names. Raises CellRefused."""
        found = self._codes.get(text) or self._names.get(text) or []
        if not found:
            raise CellRefused(self.unknown)
        if len(found) > 1:
            exact = [no for no in found if "/".join(self._paths[no]) == text]
            if len(exact) != 1:
                raise CellRefused(AMBIGUOUS)
            return exact[0]
        return found[0]

    def show(self, no: int | None) -> str | None:
        """Return the shortest text by which `find` returns this object; None if unknown here."""
        if no is None or no not in self._paths:
            return None
        path = self._paths[no]
        for suffix in _suffixes(path):
            if self._names[suffix] == [no] and suffix not in self._codes:
                return suffix
        return "/".join(path)


def _suffixes(path: tuple[str, ...]) -> list[str]:
    return ["/".join(path[n:]) for n in range(len(path) - 1, -1, -1)]
