"""What is wrong with rows of vehicles beyond their single cells, found before anything is stored.

Every rule is the vehicles' or the quotas' own function. What can be asked for all rows at once is;
only where that is refused is it asked for each, to name the rows.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.errors import NotABase, PlateTaken
from fleet.exchange.known import Known
from fleet.exchange.lists.vehicle_entries import Named, entry_of
from fleet.exchange.lists.vehicle_twins import check_twins
from fleet.exchange.plan import Alteration, Plan, ReadRow
from fleet.exchange.reasons import Reason
from fleet.quotas.checks import over_quota, over_standard
from fleet.quotas.errors import OverQuota, OverStandard
from fleet.vehicles.changes import IN_STANDARD
from fleet.vehicles.entries import Entry
from fleet.vehicles.errors import (
    MarkingIncomplete,
    PurchasedAfterStart,
    SecretVehicleRefused,
    UnknownUseType,
    VinTaken,
)
from fleet.vehicles.plates import PlateColour, PlateColourMismatch, read_plate
from fleet.vehicles.secrecy import refuse_secret
from fleet.vehicles.use_types import check_use_types
from fleet.vehicles.words import Secrecy
from fleet.words import Category, Holding, PlaceKind
from kit.errors import DomainError

_ZH: Mapping[type[DomainError], tuple[str, str]] = {
    SecretVehicleRefused: ("plate", "此车辆不得进入本系统，只能上报数量。"),
    PlateTaken: ("plate", "此号牌已登记在另一车辆上。"),
    VinTaken: ("vin", "此车辆识别代号已登记在另一车辆上，请核对是否重复登记。"),
    PlateColourMismatch: ("plate_colour", "号牌形式与颜色不符。"),
    NotABase: ("base", "此地点不是定点停放点。"),
    MarkingIncomplete: ("marking", "已标识须填标识日期，免予标识须填依据。"),
    PurchasedAfterStart: ("purchase_date", "购置日期不得晚于使用起始日。"),
    UnknownUseType: ("use_type", "该单位此类别没有这个用途细类。"),
    OverQuota: ("category", "超出该单位此类别的编制。"),
    OverStandard: ("price_fen", "超出配备标准（价格或排量）。"),
}
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


async def check_vehicles(session: AsyncSession, known: Known, plan: Plan, key: bytes) -> None:
    """Note every problem of the plan's vehicles, what is doubtful, and what seems double.

    key: of the list of refused plates
    """
    secret = await _refuse_secret(session, plan, key)
    rows = [one.row for one in plan.additions if one.row.number not in secret]
    changes = [one for one in plan.alterations if one.row.number not in secret]
    comings = _entries(rows, await Named.load(session, rows), known, plan)
    comings += await _changed(session, changes, plan)
    await check_twins(session, known, plan, secret)
    bad = {problem.row for problem in plan.problems}
    comings = [one for one in comings if one.row.number not in bad]
    await _check_use_types(session, known, comings, plan)
    await _check_quotas(session, known, comings, plan)
    await _check_standards(session, known, comings, plan)


def refuse(plan: Plan, row: ReadRow, error: DomainError) -> None:
    """Note an error of the vehicles' room, in the cell that it is about; no facts are repeated."""
    column, zh = _ZH.get(type(error), ("since", error.title()))
    plan.refuse(row, column, Reason(error.problem_type(), zh, error.title()))


async def _refuse_secret(session: AsyncSession, plan: Plan, key: bytes) -> set[int]:
    """Refuse rows of secret vehicles, and say nothing else of them."""
    refused: set[int] = set()
    for row in plan.work_rows():
        secrecy = Secrecy(str(row.values.get("secrecy") or Secrecy.NONE))
        try:
            await refuse_secret(session, str(row.values["plate"]), key, secrecy)
        except SecretVehicleRefused as error:
            refused.add(row.number)
            refuse(plan, row, error)
    return refused


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
        await over_quota(session, (k for k, n in wanted.items() for _ in range(n)), known.now)
    except OverQuota:
        for key, members in groups.items():
            try:
                await over_quota(session, [key] * wanted[key], known.now)
            except OverQuota as error:
                for row in members:
                    refuse(plan, row, error)


async def _check_standards(
    session: AsyncSession, known: Known, comings: _Comings, plan: Plan
) -> None:
    judged = [
        (one.row, (one.entry.organisation.no, one.entry.judged()))
        for one in comings
        if one.touches(IN_STANDARD)
    ]
    try:
        await over_standard(session, (one for _, one in judged), known.now)
    except OverStandard:
        for row, one in judged:
            try:
                await over_standard(session, [one], known.now)
            except OverStandard as error:
                refuse(plan, row, error)
