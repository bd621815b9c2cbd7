"""Organisations as a spreadsheet: one file may hold a whole tree, from the top down."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.exchange.cells import Cell, text_in
from fleet.exchange.kinds import Code, Text
from fleet.exchange.known import Known
from fleet.exchange.labels import ORGANISATION_KIND
from fleet.exchange.names import Entry
from fleet.exchange.plan import Alteration, Double, Plan, Problem, ReadRow, Stored
from fleet.exchange.reasons import BY_ITS_OWN_ACT, CellRefused, Reason
from fleet.exchange.row_writer import Key, RowWriter
from fleet.exchange.sheets import Column, Rows, Sheet
from fleet.lists import in_force, within
from fleet.organisations.tables import Organisation, OrganisationParent
from fleet.organisations.tree import add_organisation, correct
from fleet.organisations.uscc import PATTERN, is_consistent
from fleet.permissions import Permission
from fleet.words import OrganisationKind

_DOUBTFUL = Reason(
    "uscc-check-digit",
    "校验位不符，请核对。",
    "The check digit differs; please compare (codes of the pilot years may have another).",
)


@dataclass(frozen=True, slots=True)
class ParentName:
    """The organisation above: one within scope, or one that stands higher up in the same file."""

    note: str = "上级机构名称；可以是本文件中靠前的一行；重名时写“上级/名称”"
    choices: tuple[str, ...] = ()

    def read(self, cell: Cell, _known: Known) -> str:
        """Return the text; it is understood when the rows above are known."""
        return text_in(cell)

    def show(self, value: object, known: Known) -> str | None:
        """Show the shortest name that tells it apart; nothing for one outside the scope."""
        return known.organisations.show(value) if isinstance(value, int) else str(value)


class OrganisationWriter(RowWriter):
    """Adds organisations below those that exist or stand above in the file."""

    async def plan(
        self, session: AsyncSession, sheet: Sheet, known: Known, rows: Sequence[ReadRow], plan: Plan
    ) -> None:
        """Understand the parents in the order of the file, then match and compare."""
        understood = [row for one in rows if (row := _with_parent(one, known, plan)) is not None]
        await super().plan(session, sheet, known, understood, plan)

    async def stored(
        self, session: AsyncSession, sheet: Sheet, known: Known, keys: Sequence[Key]
    ) -> Mapping[Key, Stored]:
        """Return the rows with these keys; above the scope there is nothing to name."""
        scope = known.extent.scope(Permission.ORGANISATION_WRITE)
        rows = await session.execute(sheet.rows(known.now, scope))
        found: dict[Key, Stored] = {}
        for row in rows:
            values = dict(row._mapping)
            if values["parent"] not in scope:
                values["parent"] = None
            key = tuple(values[name] for name in sheet.key)
            found[key] = Stored(values["row_no"], values["row_id"], values["row_owner"], values)
        wanted = set(keys)
        return {key: one for key, one in found.items() if key in wanted}

    async def check(self, session: AsyncSession, known: Known, plan: Plan, /) -> None:
        """Note codes that fail their check digit, and what seems to be there already."""
        for row in plan.work_rows():
            uscc = row.values.get("uscc")
            if isinstance(uscc, str) and not is_consistent(uscc):
                place = row.cells.get("uscc")
                plan.warnings.append(Problem(row.number, _DOUBTFUL, place, "uscc", value=uscc))
        await _offer_doubles(session, known, plan)

    async def add(self, session: AsyncSession, act: Act, known: Known, row: ReadRow, /) -> None:
        """Add an organisation below its parent."""
        values = row.values
        parent_no = values["parent"]
        if isinstance(parent_no, int) and parent_no < 0:
            parent_no = known.resolved["organisation", -parent_no]
        parent = await session.get_one(Organisation, parent_no) if parent_no is not None else None
        made = await add_organisation(
            session,
            act,
            name=str(values["name"]),
            kind=OrganisationKind(str(values["kind"])),
            parent=parent,
            region_code=_text(values.get("region_code")),
            uscc=_text(values.get("uscc")),
        )
        known.resolved["organisation", row.number] = made.no

    async def change(
        self, session: AsyncSession, act: Act, _known: Known, alteration: Alteration, /
    ) -> None:
        """Correct what is not dated."""
        organisation = await session.get_one(Organisation, alteration.stored.no)
        changes = {name: _text(alteration.row.values[name]) for name in alteration.columns}
        await correct(session, act, organisation, changes)


def _text(value: object) -> str | None:
    return str(value) if value is not None else None


def _with_parent(row: ReadRow, known: Known, plan: Plan) -> ReadRow | None:
    """Return the row with its parent's number; rows of the file have negative ones."""
    said, name, index = row.values.get("parent"), str(row.values["name"]), known.organisations
    parent: int | None = None
    try:
        if said is not None:
            parent = index.find(str(said))
        elif known.extent.actor is not None and not index.is_top(name):
            parent = known.extent.actor.home(Permission.ORGANISATION_WRITE)
    except CellRefused as refused:
        plan.refuse(row, "parent", refused.reason, str(said))
        return None
    path = (*(index.path(parent) if parent is not None else ()), name)
    if not index.has(path):
        codes = (str(uscc),) if (uscc := row.values.get("uscc")) else ()
        index.extend([Entry(-row.number, path, codes)])
    return replace(row, values={**row.values, "parent": parent})


async def _offer_doubles(session: AsyncSession, known: Known, plan: Plan) -> None:
    """Name organisations with the same code, or with almost the same name below one parent."""
    rows = [one.row for one in plan.additions]
    codes = {str(uscc) for row in rows if (uscc := row.values.get("uscc"))}
    parents = {no for row in rows if isinstance(no := row.values["parent"], int) and no > 0}
    found = await session.execute(
        select(Organisation.id, Organisation.name, Organisation.uscc, OrganisationParent.parent_no)
        .outerjoin(
            OrganisationParent,
            (OrganisationParent.organisation_no == Organisation.no)
            & in_force(OrganisationParent.period, known.now),
        )
        .where(
            within(Organisation.no, known.extent.scope(Permission.ORGANISATION_WRITE)),
            Organisation.ended_at.is_(None),
            or_(Organisation.uscc.in_(codes), within(OrganisationParent.parent_no, parents)),
        )
    )
    by_code, by_name = {}, {}
    for one in found:
        by_code[one.uscc] = one
        by_name[one.parent_no, folded_name(one.name)] = one
    for row in rows:
        same = by_code.get(row.values.get("uscc")) if row.values.get("uscc") else None
        alike = by_name.get((row.values["parent"], folded_name(str(row.values["name"]))))
        for what, other in (("uscc", same), ("name", alike)):
            if other is not None:
                plan.doubles.append(Double(row.number, "organisation", what, other.id, other.name))
                break


def folded_name(name: str) -> str:
    """Return a name without what people write differently: width, spaces, brackets, case."""
    return re.sub(r"[\s()\[\]《》“”\"'·.-]", "", unicodedata.normalize("NFKC", name)).lower()


def _joins(statement: Rows, now: datetime) -> Rows:
    return statement.outerjoin(
        OrganisationParent,
        (OrganisationParent.organisation_no == Organisation.no)
        & in_force(OrganisationParent.period, now),
    ).where(Organisation.ended_at.is_(None))


ORGANISATIONS = Sheet(
    name="organisations",
    zh="机构",
    en="Organisations",
    table=Organisation,
    columns=(
        Column(
            "name", "机构名称", "Name", Text(100), Organisation.name, required=True,
            example="甲局", note="更名请在系统中办理",
        ),
        Column(
            "parent", "上级机构", "Parent", ParentName(), OrganisationParent.parent_no,
            fixed=BY_ITS_OWN_ACT, example="机关事务中心",
            note="留空为您自己的机构；划转请在系统中办理",
        ),
        Column(
            "kind", "机构类型", "Kind", Code(ORGANISATION_KIND), Organisation.kind, required=True,
            example="用车单位",
        ),
        Column(
            "region_code", "行政区划代码", "Region code",
            Text(6, r"\d{6}", ("应为 6 位数字（GB/T 2260）。", "It has six digits (GB/T 2260).")),
            Organisation.region_code, example="230100",
        ),
        Column(
            "uscc", "统一社会信用代码", "USCC",
            Text(18, PATTERN, ("应为 18 位代码（GB 32100）。", "It has 18 characters (GB 32100)."),
                 upper=True),
            Organisation.uscc, example="",
        ),
    ),
    read=Permission.ORGANISATION_READ,
    write=Permission.ORGANISATION_WRITE,
    owner=Organisation.no,
    joins=_joins,
    key=("name", "parent"),
    order=(Organisation.sort_key,),
    writer=OrganisationWriter(),
    search=(Organisation.name,),
)  # fmt: skip
