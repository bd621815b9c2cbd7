"""How most lists are written: rows matched by their key, compared, and carried out one by one.

Each row is carried out by the use case of the room that owns it, so that its rules, its dated rows
and its journal entry are the same as if somebody had entered it.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from sqlalchemy import BigInteger, Text, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.exchange.known import Known
from fleet.exchange.plan import (
    Addition,
    Alteration,
    Plan,
    Progress,
    ReadRow,
    RowRefused,
    Stored,
)
from fleet.exchange.reasons import REQUIRED, TAKEN_ELSEWHERE, TWICE_IN_FILE
from fleet.exchange.sheets import Column, Sheet
from kit.errors import DomainError

Key = tuple[object, ...]
_TELL_EVERY = 200


class RowWriter(ABC):
    """Matches, compares and carries out; a list says how a row is added and changed."""

    async def plan(
        self, session: AsyncSession, sheet: Sheet, known: Known, rows: Sequence[ReadRow], plan: Plan
    ) -> None:
        """Add to `plan` what the rows would do, and what is wrong with them."""
        keyed = _by_key(sheet, rows, plan)
        stored = await self.stored(session, sheet, known, list(keyed))
        for key, row in keyed.items():
            self._compare(sheet, known, row, stored.get(key), plan)
        await self.check(session, known, plan)

    async def stored(
        self, session: AsyncSession, sheet: Sheet, known: Known, keys: Sequence[Key]
    ) -> Mapping[Key, Stored]:
        """Return the rows of the register that have these keys, in scope or not."""
        if not keys:
            return {}
        first = [key[0] for key in keys]
        kind = BigInteger if all(isinstance(one, int) for one in first) else Text
        rows = await session.execute(
            sheet.rows(known.now, None).where(
                sheet.column(sheet.key[0]).source == any_(literal(first, ARRAY(kind)))
            )
        )
        wanted, found = set(keys), {}
        for row in rows:
            values = dict(row._mapping)
            key = tuple(values[name] for name in sheet.key)
            if key in wanted:
                found[key] = Stored(values["row_no"], values["row_id"], values["row_owner"], values)
        return found

    async def check(self, _session: AsyncSession, _known: Known, _plan: Plan, /) -> None:
        """Note what is wrong with rows beyond their single cells."""
        return

    @abstractmethod
    async def add(self, session: AsyncSession, act: Act, known: Known, row: ReadRow, /) -> None:
        """Add a row. Raises DomainError."""

    @abstractmethod
    async def change(
        self, session: AsyncSession, act: Act, known: Known, alteration: Alteration, /
    ) -> None:
        """Change a row in the columns that differ. Raises DomainError."""

    async def apply(
        self,
        session: AsyncSession,
        act: Act,
        known: Known,
        plan: Plan,
        progress: Progress,
    ) -> None:
        """Carry out the plan in the order of the file's rows. Raises RowRefused."""
        work: list[Addition | Alteration] = [*plan.additions, *plan.alterations]
        work.sort(key=lambda one: one.row.number)
        for done, one in enumerate(work, start=1):
            try:
                if isinstance(one, Addition):
                    await self.add(session, act, known, one.row)
                else:
                    await self.change(session, act, known, one)
            except DomainError as error:
                raise RowRefused(one.row.number, error) from error
            if done % _TELL_EVERY == 0 or done == len(work):
                progress(done, len(work))

    def _compare(
        self, sheet: Sheet, known: Known, row: ReadRow, old: Stored | None, plan: Plan
    ) -> None:
        if old is None:
            missing = [c for c in sheet.written if c.required and row.values.get(c.name) is None]
            for column in missing:
                plan.refuse(row, column.name, REQUIRED)
            if not missing:
                plan.additions.append(Addition(row))
            return
        assert sheet.write is not None
        if known.extent.actor is not None and old.owner_no not in known.extent.scope(sheet.write):
            plan.refuse(row, sheet.key[0], TAKEN_ELSEWHERE)
            return
        differing = [c for c in sheet.written if differs(c, row, old, known)]
        for column in differing:
            if column.fixed is not None:
                plan.refuse(row, column.name, column.fixed)
        if any(column.fixed is not None for column in differing):
            return
        if differing:
            plan.alterations.append(Alteration(row, old, tuple(c.name for c in differing)))
        else:
            plan.unchanged += 1


def differs(column: Column, row: ReadRow, old: Stored, known: Known) -> bool:
    """Return whether a cell says something else than what is shown of the stored value."""
    if column.name not in row.values:
        return False
    new, was = row.values[column.name], old.values[column.name]
    if new is None or was is None:
        return new is not was
    return column.kind.show(new, known) != column.kind.show(was, known)


def _by_key(sheet: Sheet, rows: Sequence[ReadRow], plan: Plan) -> dict[Key, ReadRow]:
    keyed: dict[Key, ReadRow] = {}
    for row in rows:
        key = tuple(row.values.get(name) for name in sheet.key)
        if key in keyed:
            plan.refuse(row, sheet.key[0], TWICE_IN_FILE)
        else:
            keyed[key] = row
    return keyed
