"""What an import would do: rows to add, to change and to leave, and every problem by its cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from fleet.exchange.reasons import Reason
from kit.errors import DomainError
from kit.trouble import Trouble

Progress = Callable[[int, int], None]
"""Told how many rows are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row, or the cell of a column in it, is not taken.

    row: as the spreadsheet counts; None when the file as a whole is meant
    value: what stands in the cell; None where it must not be repeated
    """

    row: int | None
    reason: Reason
    cell: str | None = None
    column: str | None = None
    heading: str | None = None
    value: str | None = None


class RowRefused(Trouble):
    """A row could not be carried out, although nothing was wrong with it before."""

    def __init__(self, row: int, error: DomainError) -> None:
        super().__init__(str(error))
        self.row = row
        self.error = error


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of the file without problems: values by column, None where a cell was blank.

    Columns that the file does not have, and masked cells, are not in `values`.
    cells: where each value stands, such as C7
    """

    number: int
    values: Mapping[str, object]
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stored:
    """A row of the register that a row of the file is about."""

    no: int
    id: UUID
    owner_no: int | None
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Addition:
    """A row to add."""

    row: ReadRow


@dataclass(frozen=True, slots=True)
class Alteration:
    """A row to change, in these columns."""

    row: ReadRow
    stored: Stored
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Double:
    """A row that seems to be in the register under another name: offered for merging.

    kind: vehicle or organisation; same: by what it is known; with_id, with_name: the other
    """

    row: int
    kind: str
    same: str
    with_id: UUID
    with_name: str


@dataclass(slots=True)
class Plan:
    """All that an import would do; nothing is done while there are problems.

    warnings: what is doubtful, and taken all the same
    """

    rows: int = 0
    additions: list[Addition] = field(default_factory=list)
    alterations: list[Alteration] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    doubles: list[Double] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    example_rows: int = 0

    def refuse(self, row: ReadRow, column: str, reason: Reason, value: str | None = None) -> None:
        """Note a problem in the cell of a column."""
        self.problems.append(
            Problem(row.number, reason, row.cells.get(column), column, None, value)
        )

    def warn(self, row: ReadRow, column: str, reason: Reason, value: str | None = None) -> None:
        """Note what is doubtful in the cell of a column."""
        self.warnings.append(
            Problem(row.number, reason, row.cells.get(column), column, None, value)
        )

    def work_rows(self) -> list[ReadRow]:
        """Return the rows that add or change something."""
        added, altered = [a.row for a in self.additions], [a.row for a in self.alterations]
        return added + altered

    def settle(self) -> None:
        """Put problems in the order of the file; rows that have one are not counted as work."""
        self.problems.sort(key=lambda problem: (problem.row or 0, problem.cell or ""))
        self.warnings.sort(key=lambda warning: (warning.row or 0, warning.cell or ""))
        bad = {problem.row for problem in self.problems}
        self.additions = [one for one in self.additions if one.row.number not in bad]
        self.alterations = [one for one in self.alterations if one.row.number not in bad]
