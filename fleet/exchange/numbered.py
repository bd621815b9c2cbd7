"""Lists whose rows are acts: one without a number (编号) is carried out, one with it stands.

A shift or a mandate has no name of its own, so that a file can't say which one it means but by the
number with which it went out. Such a row is held against the register and never changed: ending or
withdrawing one is an act of its own. New rows are tried in the dry run by the very use cases that
carry them out, one after the other, and taken back: what a row clashes with may stand above it.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import SQLColumnExpression, Uuid, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.exchange.cells import Cell, text_in
from fleet.exchange.known import Known
from fleet.exchange.plan import Alteration, Plan, ReadRow, Stored
from fleet.exchange.reasons import BY_ITS_OWN_ACT, CellRefused, Reason, bad_form
from fleet.exchange.row_writer import RowWriter, differs
from fleet.exchange.sheets import NUMBER, Column, Sheet
from fleet.sealings.store import at_and_above
from kit.errors import DomainError

NO_SUCH_ROW = Reason(
    "no-such-row",
    "您的范围内没有这个编号；新增的行请留空。",
    "There is no row of this number within your scope; leave it blank for a new one.",
)
Told = Mapping[type[DomainError], tuple[str, str]]
"""In which column an error of a use case is told, and by which Chinese sentence."""


@dataclass(frozen=True, slots=True)
class RowNumber:
    """The public id of a row that is in the register."""

    note: str = "留空为新增；有编号的行已在系统中，不通过导入更改"
    choices: tuple[str, ...] = ()

    def read(self, cell: Cell, _known: Known) -> UUID:
        """Return the id."""
        text = text_in(cell)
        try:
            return UUID(text)
        except ValueError as error:
            raise CellRefused(bad_form("不是编号。", "This is not a number of a row.")) from error

    def show(self, value: object, _known: Known) -> str:
        """Show the id."""
        return str(value)


def number_column(source: SQLColumnExpression[Any]) -> Column:
    """Return the column that tells rows of the register from new ones."""
    return Column(NUMBER, "编号", "Number", RowNumber(), source)


class NumberedWriter(RowWriter):
    """Leaves rows with a number, and carries out the others by a use case.

    told: the errors of the use case that a row may be refused by
    """

    told: ClassVar[Told] = {}

    async def plan(
        self, session: AsyncSession, sheet: Sheet, known: Known, rows: Sequence[ReadRow], plan: Plan
    ) -> None:
        """Hold numbered rows against the register, and try the new ones."""
        numbered = [row for row in rows if row.values.get(NUMBER) is not None]
        for row in rows:
            if row.values.get(NUMBER) is None:
                self._compare(sheet, known, row, None, plan)
        await self._hold(session, sheet, known, numbered, plan)
        await self.check(session, known, plan)
        plan.settle()
        await self._try(session, known, plan)

    async def change(
        self, _session: AsyncSession, _act: Act, _known: Known, _alteration: Alteration, /
    ) -> None:
        """Nothing is changed by an import, so nothing asks for it."""
        raise NotImplementedError

    @abstractmethod
    async def add(self, session: AsyncSession, act: Act, known: Known, row: ReadRow, /) -> None:
        """Carry out a row. Raises DomainError."""

    async def _hold(
        self, session: AsyncSession, sheet: Sheet, known: Known, rows: Sequence[ReadRow], plan: Plan
    ) -> None:
        if not rows:
            return
        scope = known.extent.scope(sheet.read)
        if sheet.above:
            scope = await at_and_above(session, scope, known.now)
        ids = [row.values[NUMBER] for row in rows]
        found: dict[object, Stored] = {}
        for one in await session.execute(
            sheet.rows(known.now, scope).where(sheet.table.id == any_(literal(ids, ARRAY(Uuid))))
        ):
            values = dict(one._mapping)
            found[one.row_id] = Stored(one.row_no, one.row_id, one.row_owner, values)
        for row in rows:
            old = found.get(row.values[NUMBER])
            if old is None:
                plan.refuse(row, NUMBER, NO_SUCH_ROW)
                continue
            differing = [one for one in sheet.written if differs(one, row, old, known)]
            for column in differing:
                plan.refuse(row, column.name, BY_ITS_OWN_ACT)
            plan.unchanged += not differing

    async def _try(self, session: AsyncSession, known: Known, plan: Plan) -> None:
        """Carry out the new rows, name those that are refused, and take all of it back."""
        act = Act(known.extent.actor, known.now)
        rehearsal = await session.begin_nested()
        try:
            for one in plan.additions:
                try:
                    async with session.begin_nested():
                        await self.add(session, act, known, one.row)
                except DomainError as error:
                    column, zh = self._said(error)
                    reason = Reason(error.problem_type(), zh, error.title())
                    plan.refuse(one.row, column, reason)
        finally:
            await rehearsal.rollback()

    def _said(self, error: DomainError) -> tuple[str, str]:
        return self.told.get(type(error), (NUMBER, error.title()))
