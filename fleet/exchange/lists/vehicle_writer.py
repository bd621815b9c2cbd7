"""How vehicles are imported: hundreds at once, by the room's own function for many."""

from collections.abc import Iterator, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.exchange.known import Known
from fleet.exchange.lists.vehicle_checks import check_vehicles
from fleet.exchange.lists.vehicle_entries import Named, entry_of
from fleet.exchange.plan import Addition, Alteration, Plan, Progress, ReadRow, RowRefused
from fleet.exchange.row_writer import RowWriter
from fleet.places.tables import Place
from fleet.vehicles.changes import change_vehicle
from fleet.vehicles.register import add_vehicles
from fleet.vehicles.secrecy import refusal_key_of
from fleet.vehicles.storing import many_rows
from fleet.vehicles.tables import Vehicle
from fleet.vehicles.uses import move_base
from kit.errors import DomainError

_AT_ONCE = 1000


class VehicleWriter(RowWriter):
    """Adds vehicles in batches, and changes what differs of those in the register."""

    async def check(self, session: AsyncSession, known: Known, plan: Plan, /) -> None:
        """Note what the vehicles' own rules say."""
        await check_vehicles(session, known, plan)

    async def add(self, session: AsyncSession, act: Act, known: Known, row: ReadRow) -> None:
        """Add one vehicle."""
        await self._add_all(session, act, known, [row])

    async def change(
        self, session: AsyncSession, act: Act, _known: Known, alteration: Alteration
    ) -> None:
        """Change one vehicle in the columns that differ."""
        vehicle = await session.get_one(Vehicle, alteration.stored.no)
        changes = {name: alteration.row.values[name] for name in alteration.columns}
        if "base" in changes:
            base = changes.pop("base")
            place = await session.get_one(Place, base) if base is not None else None
            await move_base(session, act, vehicle, base=place)
        if changes:
            await change_vehicle(session, act, vehicle, changes)

    async def apply(
        self,
        session: AsyncSession,
        act: Act,
        known: Known,
        plan: Plan,
        progress: Progress,
    ) -> None:
        """Add all new vehicles, then change the others. Raises RowRefused."""
        total, done = len(plan.additions) + len(plan.alterations), 0
        # Quotas, standards and lists are asked for by unit: a unit's vehicles stand together.
        by_unit = sorted(plan.additions, key=lambda one: str(one.row.values["unit"]))
        async with many_rows(session):
            for part in _parts(by_unit):
                await self._add_or_name(session, act, known, [one.row for one in part])
                done += len(part)
                progress(done, total)
        rest = Plan(alterations=plan.alterations)
        await super().apply(session, act, known, rest, lambda at, _: progress(done + at, total))

    async def _add_or_name(
        self, session: AsyncSession, act: Act, known: Known, rows: Sequence[ReadRow]
    ) -> None:
        """Add these rows; where they are refused together, halve them until the row is found."""
        try:
            async with session.begin_nested():
                await self._add_all(session, act, known, rows)
        except DomainError as error:
            if len(rows) == 1:
                raise RowRefused(rows[0].number, error) from error
            half = len(rows) // 2
            await self._add_or_name(session, act, known, rows[:half])
            await self._add_or_name(session, act, known, rows[half:])

    async def _add_all(
        self, session: AsyncSession, act: Act, known: Known, rows: Sequence[ReadRow]
    ) -> None:
        named = await Named.load(session, rows)
        await add_vehicles(
            session,
            act,
            [entry_of(row, named) for row in rows],
            demo=known.settings.demo,
            police_o=known.settings.police_plates,
            refusal_key=refusal_key_of(known.settings),
        )


def _parts(additions: Sequence[Addition]) -> Iterator[Sequence[Addition]]:
    for start in range(0, len(additions), _AT_ONCE):
        yield additions[start : start + _AT_ONCE]
