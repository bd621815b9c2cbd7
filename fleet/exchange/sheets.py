"""What a list is as a spreadsheet: its columns, its rows, and who may read and write it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from fleet.acts import Act
from fleet.exchange.kinds import Kind
from fleet.exchange.known import Extent, Known
from fleet.exchange.plan import Plan, Problem, Progress, ReadRow
from fleet.exchange.reasons import Reason
from fleet.lists import within
from fleet.permissions import Permission

MASK = "***"
"""Part of every masked value; an import leaves what is stored where it meets one."""

NUMBER = "id"
"""The column by which a list's rows are told apart that have no name of their own."""

Withhold = Callable[[ReadRow, Sequence[Problem], Known], Problem | None]
"""Told what was read of a row, the problems of its cells, and what is known."""

Rows = Select[*tuple[Any, ...]]

OwnerColumn = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]


@dataclass(frozen=True, slots=True)
class Column:
    """One column, declared once for the template, the import and the export.

    name: the code word, stable; zh and en: headings (any of the three is known on import)
    source: what is read of the database for it
    written: whether an import may set it; otherwise it is only shown
    quoted: whether problems may repeat what stands in the cell
    fixed: why an import does not change it in a row that is already in the register
    blank: the value that a blank cell means; keeps: a blank cell leaves what is stored
    masked: whether what is stored is never shown whole
    needs: the permission without which its value is shown by `mask` only
    """

    name: str
    zh: str
    en: str
    kind: Kind
    source: SQLColumnExpression[Any]
    required: bool = False
    written: bool = True
    quoted: bool = True
    fixed: Reason | None = None
    blank: object = None
    keeps: bool = False
    example: str = ""
    note: str = ""
    needs: Permission | None = None
    masked: bool = False
    mask: Callable[[str], str] = lambda _: MASK


class Writer(Protocol):
    """How read rows of a list become changes of the register."""

    async def plan(
        self,
        session: AsyncSession,
        sheet: "Sheet",
        known: Known,
        rows: Sequence[ReadRow],
        plan: Plan,
    ) -> None:
        """Add to `plan` what the rows would add, change and leave, and what is wrong with them."""

    async def apply(
        self,
        session: AsyncSession,
        act: Act,
        known: Known,
        plan: Plan,
        progress: Progress,
    ) -> None:
        """Carry out a plan without problems in the session's transaction. Raises RowRefused."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list that leaves as a spreadsheet and, with a writer, comes in as one.

    joins: adds the tables around `table`, as they are at an instant
    owner: the organisation to which a row belongs, owners: others to which it does too
    shared: whether rows without an owner are everybody's
    above: whether rows of organisations above hold below, and are seen there
    key: the columns that together name a row; search: what the filter `q` looks into
    seen: which rows are for the reader's eyes, where that is not a matter of scope alone
    written: the columns that an import may set
    withhold: whether a row is of a secret vehicle: the one problem that is told of it then, and
        nothing else, whatever its other cells hold
    people, datum: whether rows tell of people (watermark), or hold coordinates (WGS-84)
    """

    name: str
    zh: str
    en: str
    table: type[Any]
    columns: tuple[Column, ...]
    read: Permission
    owner: OwnerColumn
    joins: Callable[[Rows, datetime], Rows]
    key: tuple[str, ...]
    order: tuple[SQLColumnExpression[Any], ...]
    write: Permission | None = None
    writer: Writer | None = None
    shared: bool = False
    above: bool = False
    owners: tuple[OwnerColumn, ...] = ()
    search: tuple[SQLColumnExpression[Any], ...] = ()
    seen: Callable[[Extent], ColumnElement[bool] | None] = lambda _: None
    withhold: Withhold | None = None
    people: bool = False
    datum: bool = False
    written: tuple[Column, ...] = field(init=False, repr=False, compare=False)
    _by_name: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if (self.write is None) != (self.writer is None):
            raise ValueError("a list that is written needs both a permission and a writer")
        object.__setattr__(self, "_by_name", {column.name: column for column in self.columns})
        object.__setattr__(self, "written", tuple(one for one in self.columns if one.written))
        if not set(self.key) <= set(self._by_name):
            raise ValueError("the key of a list is made of its columns")

    @property
    def numbered(self) -> bool:
        """Whether rows of the register are known by a number, and those without one are new."""
        return self.key == (NUMBER,)

    def column(self, name: str) -> Column:
        """Return the column of this name."""
        return self._by_name[name]

    def rows(self, now: datetime, scope: frozenset[int] | None, *, everybodys: bool = True) -> Rows:
        """Return the statement of the list's rows as they are at `now`, in order.

        Each row has the columns by name, and row_no (where the table has one), row_id, row_owner.
        everybodys: with the rows that belong to nobody, where the list is shared
        scope: None for all, which only the check of uniqueness may see
        """
        own = [self.table.id.label("row_id"), self.owner.label("row_owner")]
        if hasattr(self.table, "no"):
            own.append(self.table.no.label("row_no"))
        statement: Rows = select(*(c.source.label(c.name) for c in self.columns), *own)
        statement = self.joins(statement.select_from(self.table), now)
        if scope is not None:
            statement = statement.where(self._in(scope, everybodys=everybodys))
        return statement.order_by(*self.order, self.table.id)

    def _in(self, scope: frozenset[int], *, everybodys: bool) -> ColumnElement[bool]:
        mine = within(self.owner, scope)
        for other in self.owners:
            mine = or_(mine, within(other, scope))
        return or_(mine, self.owner.is_(None)) if self.shared and everybodys else and_(mine)
