"""What is wrong with rows of vehicles beyond their single cells, found before anything is stored.

Every rule is the vehicles' or the quotas' own function. What can be asked for all rows at once is;
only where that is refused is it asked for each, to name the rows.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.errors import NotABase
from fleet.exchange.known import Known
from fleet.exchange.lists.vehicle_entries import Named, entry_of
from fleet.exchange.lists.vehicle_reasons import (
    DOUBTFUL_ENERGY,
    FLAGGED_QUOTA,
    FLAGGED_STANDARD,
    refuse,
)
from fleet.exchange.lists.vehicle_twins import check_twins
from fleet.exchange.plan import Alteration, Plan, ReadRow
from fleet.quotas.checks import over_quota, over_standard
from fleet.quotas.errors import OverQuota, OverStandard
from fleet.vehicles.changes import IN_STANDARD
from fleet.vehicles.entries import Entry
from fleet.vehicles.errors import UnknownUseType
from fleet.vehicles.plates import PlateColour, check_energy, energy_is_doubtful, read_plate
from fleet.vehicles.use_types import check_use_types
from fleet.words import Category, Holding, PlaceKind
from kit.errors import DomainError

_Place = tuple[int, Category]
"""A unit and a category, for which there may be a quota."""


@dataclass(frozen=True, slots=True)
class _Coming:
    """A vehicle as it would be; `change` is None for a new one."""

    row: ReadRow
    entry: Entry
    change: Alteration | None = None

    def touches(self, columns: Set[str]) -> bool:
        """Whether anything of these columns is new."""
        return self.change is None or not columns.isdisjoint(self.change.columns)

    def places(self) -> tuple[_Place | None, _Place | None]:
        """Return the quota in which it has a place before and after; a rented one has none."""
        no, entry = self.entry.organisation.no, self.entry
        after = None if entry.holding is Holding.RENTAL else (no, entry.category)
        if self.change is None:
            return None, after
        old = self.change.stored.values
        if old["holding"] == Holding.RENTAL:
            return None, after
        return (no, Category(str(old["category"]))), after


_Comings = list[_Coming]


async def check_vehicles(session: AsyncSession, known: Known, plan: Plan) -> None:
    """Note every problem of the plan's vehicles, what is doubtful, and what seems double."""
    rows = [one.row for one in plan.additions]
    comings = _entries(rows, await Named.load(session, rows), known, plan)
    comings += await _changed(session, plan.alterations, plan)
    await check_twins(session, known, plan)
    bad = {problem.row for problem in plan.problems}
    comings = [one for one in comings if one.row.number not in bad]
    _doubt_energy(comings, plan)
    await _check_use_types(session, known, comings, plan)
    await _check_quotas(session, known, comings, plan)
    await _check_standards(session, known, comings, plan)


def _entries(rows: Sequence[ReadRow], named: Named, known: Known, plan: Plan) -> _Comings:
    """Return the new vehicles that are possible by themselves."""
    act = Act(known.extent.actor, known.now)
    found: _Comings = []
    for row in rows:
        try:
            read_plate(
                str(row.values["plate"]),
                PlateColour(str(row.values["plate_colour"])),
                demo=known.settings.demo,
                police_o=known.settings.police_plates,
            )
            entry = entry_of(row, named)
            entry.steps(act)
        except DomainError as error:
            refuse(plan, row, error)
        else:
            found.append(_Coming(row, entry))
    return found


async def _changed(session: AsyncSession, changes: Sequence[Alteration], plan: Plan) -> _Comings:
    """Return the vehicles of the register as they would be, where that is possible by itself."""
    rows = [_as_changed(one) for one in changes]
    named = await Named.load(session, rows)
    found: _Comings = []
    for one, row in zip(changes, rows, strict=True):
        try:
            entry = entry_of(row, named)
            if "energy" in one.columns:
                check_energy(entry.plate_colour, entry.energy)
            if "base" in one.columns and entry.base and entry.base.kind != PlaceKind.BASE:
                raise NotABase
        except DomainError as error:
            refuse(plan, row, error)
        else:
            found.append(_Coming(row, entry, one))
    return found


def _as_changed(one: Alteration) -> ReadRow:
    values = {**one.stored.values, **one.row.values, "since": None}
    return ReadRow(one.row.number, values, one.row.cells)


async def _check_use_types(
    session: AsyncSession, known: Known, comings: _Comings, plan: Plan
) -> None:
    uses = [
        (one.row, (one.entry.organisation.no, one.entry.category, one.entry.attributes.use_type))
        for one in comings
        if one.touches({"use_type", "category"})
    ]
    try:
        await check_use_types(session, (use for _, use in uses), known.now)
    except UnknownUseType:
        for row, use in uses:
            try:
                await check_use_types(session, [use], known.now)
            except UnknownUseType as error:
                refuse(plan, row, error)


async def _check_quotas(session: AsyncSession, known: Known, comings: _Comings, plan: Plan) -> None:
    """Refuse all vehicles that come to a quota which has fewer places than come, less than go."""
    groups: dict[_Place, list[ReadRow]] = defaultdict(list)
    gone: Counter[_Place] = Counter()
    for one in comings:
        before, after = one.places()
        if before == after:
            continue
        if after is not None:
            groups[after].append(one.row)
        if before is not None:
            gone[before] += 1
    wanted = {key: max(0, len(members) - gone[key]) for key, members in groups.items()}
    try:
        full = set(
            await over_quota(session, (k for k, n in wanted.items() for _ in range(n)), known.now)
        )
    except OverQuota:
        full = set()
        for key, members in groups.items():
            try:
                full |= await over_quota(session, [key] * wanted[key], known.now)
            except OverQuota as error:
                for row in members:
                    refuse(plan, row, error)
    for row in (row for key in full for row in groups[key[0], Category(key[1])]):
        plan.warn(row, "category", FLAGGED_QUOTA)


async def _check_standards(
    session: AsyncSession, known: Known, comings: _Comings, plan: Plan
) -> None:
    judged = [
        (one.row, (one.entry.organisation.no, one.entry.judged()))
        for one in comings
        if one.touches(IN_STANDARD)
    ]
    try:
        above = dict(await over_standard(session, (one for _, one in judged), known.now))
    except OverStandard:
        above = {}
        for row, one in judged:
            try:
                above.update(await over_standard(session, [one], known.now))
            except OverStandard as error:
                refuse(plan, row, error)
    for row, one in judged:
        if one in above:
            plan.warn(row, "price_fen", FLAGGED_STANDARD)


def _doubt_energy(comings: _Comings, plan: Plan) -> None:
    for one in comings:
        entry = one.entry
        plate = str(one.row.values["plate"])
        if one.touches({"energy"}) and energy_is_doubtful(plate, entry.plate_colour, entry.energy):
            plan.warn(one.row, "energy", DOUBTFUL_ENERGY)
