"""Terminals as a spreadsheet, with the vehicles in which they sit."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.exchange.cells import Cell, text_in
from fleet.exchange.kinds import Code, Instant, OrganisationName, Text
from fleet.exchange.known import Known
from fleet.exchange.labels import AUTHENTICATION, PLATE_COLOUR
from fleet.exchange.lists.vehicles import Plate
from fleet.exchange.plan import Alteration, Plan, ReadRow
from fleet.exchange.reasons import (
    AMBIGUOUS,
    BY_ITS_OWN_ACT,
    NO_VEHICLE,
    CellRefused,
    Reason,
    bad_form,
)
from fleet.exchange.row_writer import RowWriter
from fleet.exchange.sheets import Column, Rows, Sheet
from fleet.lists import in_force, within
from fleet.organisations.tables import Organisation
from fleet.permissions import Permission
from fleet.terminals.bindings import add_terminal, bind_terminal, end_binding
from fleet.terminals.identity import normal_phone
from fleet.terminals.tables import Terminal, VehicleTerminal
from fleet.vehicles.tables import Vehicle, VehicleUnit
from fleet.words import Authentication

_HAS_ONE = Reason(
    "vehicle-has-terminal",
    "该车已有主终端，请先解除。",
    "The vehicle has a main terminal already; end that binding first.",
)
_IN_VEHICLE = ("plate", "plate_colour")


@dataclass(frozen=True, slots=True)
class TerminalPhone:
    """The digits that a terminal signs with; leading zeros don't count."""

    note: str = "终端手机号，至多 20 位数字"
    choices: tuple[str, ...] = ()

    def read(self, cell: Cell, _known: Known) -> str:
        """Return the digits as they are stored."""
        text = text_in(cell)
        if not (1 <= len(text) <= 20 and all(c in "0123456789abcdefABCDEF" for c in text)):
            raise CellRefused(bad_form("应为至多 20 位数字。", "It has at most 20 digits."))
        return normal_phone(text)

    def show(self, value: object, _known: Known) -> str:
        """Show the digits."""
        return str(value)


class TerminalWriter(RowWriter):
    """Adds terminals, and binds them to vehicles from now on."""

    async def check(self, session: AsyncSession, known: Known, plan: Plan, /) -> None:
        """Find the vehicles, and refuse those that have another main terminal."""
        rows = [row for row in plan.work_rows() if row.values.get("plate")]
        found = await _vehicles(session, known, [str(row.values["plate"]) for row in rows])
        for row in rows:
            colour = row.values.get("plate_colour")
            fitting = [
                one for one in found[str(row.values["plate"])] if colour in (None, one.plate_colour)
            ]
            if len(fitting) != 1:
                plan.refuse(row, "plate", AMBIGUOUS if fitting else NO_VEHICLE)
            elif fitting[0].phone not in (None, row.values["phone"]):
                plan.refuse(row, "plate", _HAS_ONE)
            else:
                known.resolved["vehicle", row.number] = fitting[0].no

    async def add(self, session: AsyncSession, act: Act, known: Known, row: ReadRow, /) -> None:
        """Add a terminal, in its vehicle where one is named."""
        values = row.values
        terminal = await add_terminal(
            session,
            act,
            phone=str(values["phone"]),
            organisation=await session.get_one(Organisation, values["organisation"]),
            maker=_text(values.get("maker")),
            model=_text(values.get("model")),
            authentication=Authentication(str(values.get("authentication") or "token")),
        )
        await _bind(session, act, known, terminal, row)

    async def change(
        self, session: AsyncSession, act: Act, known: Known, alteration: Alteration, /
    ) -> None:
        """Set what differs; in another vehicle it sits from now on."""
        terminal = await session.get_one(Terminal, alteration.stored.no)
        names = [name for name in alteration.columns if name not in _IN_VEHICLE]
        if names:
            for name in names:
                setattr(terminal, name, alteration.row.values[name])
            act.record(
                session,
                "terminal.change",
                "terminal",
                terminal.id,
                organisation_no=terminal.organisation_no,
                before={name: alteration.stored.values[name] for name in names},
                after={name: alteration.row.values[name] for name in names},
            )
        if set(alteration.columns) & set(_IN_VEHICLE):
            await _unbind(session, act, terminal)
            await _bind(session, act, known, terminal, alteration.row)


async def _bind(
    session: AsyncSession, act: Act, known: Known, terminal: Terminal, row: ReadRow
) -> None:
    no = known.resolved.get(("vehicle", row.number))
    if no is not None:
        vehicle = await session.get_one(Vehicle, no)
        await bind_terminal(session, act, terminal=terminal, vehicle=vehicle)


async def _unbind(session: AsyncSession, act: Act, terminal: Terminal) -> None:
    bound = (
        await session.execute(
            select(VehicleTerminal, Vehicle)
            .join(Vehicle, Vehicle.no == VehicleTerminal.vehicle_no)
            .where(
                VehicleTerminal.terminal_no == terminal.no,
                in_force(VehicleTerminal.period, act.now),
            )
        )
    ).one_or_none()
    if bound is not None:
        await end_binding(session, act, terminal=terminal, vehicle=bound[1], binding=bound[0])


def _text(value: object) -> str | None:
    return str(value) if value is not None else None


@dataclass(frozen=True, slots=True)
class _Found:
    no: int
    plate_colour: str
    phone: str | None


async def _vehicles(
    session: AsyncSession, known: Known, plates: list[str]
) -> dict[str, list[_Found]]:
    """Return the vehicles within scope that have these plates, with their main terminals."""
    rows = await session.execute(
        select(Vehicle.no, Vehicle.plate, Vehicle.plate_colour, Terminal.phone)
        .join(
            VehicleUnit,
            (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, known.now),
        )
        .outerjoin(
            VehicleTerminal,
            (VehicleTerminal.vehicle_no == Vehicle.no)
            & VehicleTerminal.is_primary
            & in_force(VehicleTerminal.period, known.now),
        )
        .outerjoin(Terminal, Terminal.no == VehicleTerminal.terminal_no)
        .where(
            Vehicle.withdrawn_at.is_(None),
            Vehicle.plate == any_(literal(plates, ARRAY(TEXT))),
            within(VehicleUnit.organisation_no, known.extent.scope(Permission.TERMINAL_WRITE)),
        )
    )
    found: dict[str, list[_Found]] = defaultdict(list)
    for row in rows:
        found[row.plate].append(_Found(row.no, row.plate_colour, row.phone))
    return found


def _joins(statement: Rows, now: datetime) -> Rows:
    return statement.outerjoin(
        VehicleTerminal,
        (VehicleTerminal.terminal_no == Terminal.no) & in_force(VehicleTerminal.period, now),
    ).outerjoin(Vehicle, Vehicle.no == VehicleTerminal.vehicle_no)


TERMINALS = Sheet(
    name="terminals",
    zh="车载终端",
    en="Terminals",
    table=Terminal,
    columns=(
        Column(
            "phone", "终端手机号", "Phone", TerminalPhone(), Terminal.phone, required=True,
            example="13900001234",
        ),
        Column(
            "organisation", "管理机构", "Organisation", OrganisationName(),
            Terminal.organisation_no, required=True, fixed=BY_ITS_OWN_ACT, example="甲局",
        ),
        Column(
            "authentication", "鉴权方式", "Authentication", Code(AUTHENTICATION),
            Terminal.authentication, blank=Authentication.TOKEN.value, example="鉴权码",
        ),
        Column("maker", "制造商", "Maker", Text(100), Terminal.maker),
        Column("model", "型号", "Model", Text(100), Terminal.model),
        Column(
            "plate", "车辆号牌", "Plate of its vehicle", Plate(), Vehicle.plate, keeps=True,
            quoted=False, example="京A12345", note="留空不更改",
        ),
        Column(
            "plate_colour", "车辆号牌颜色", "Plate colour of its vehicle", Code(PLATE_COLOUR),
            Vehicle.plate_colour, keeps=True, example="蓝",
        ),
        Column(
            "bound_since", "装车时间", "Bound since", Instant(),
            func.lower(VehicleTerminal.period), written=False,
        ),
        Column(
            "registered_at", "注册时间", "Registered at", Instant(), Terminal.registered_at,
            written=False,
        ),
    ),
    read=Permission.TERMINAL_READ,
    write=Permission.TERMINAL_WRITE,
    owner=Terminal.organisation_no,
    joins=_joins,
    key=("phone",),
    order=(Terminal.phone,),
    writer=TerminalWriter(),
    search=(Terminal.phone,),
)  # fmt: skip
