"""Rows that are about a vehicle which another row, or the register, already has."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Row, Text, any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from fleet.exchange.known import Known
from fleet.exchange.plan import Double, Plan, ReadRow
from fleet.exchange.reasons import TWICE_IN_FILE, Reason
from fleet.lists import in_force
from fleet.permissions import Permission
from fleet.vehicles.tables import Vehicle, VehicleUnit
from fleet.vehicles.vin import vin_is_doubtful

_TAKEN = Reason("plate-taken", "此号牌已登记在另一车辆上。", "Another vehicle has this plate.")
_VIN_TAKEN = Reason(
    "vin-taken",
    "此车辆识别代号已登记在另一车辆上，请核对是否重复登记。",
    "Another vehicle has this identification number (VIN); is it the same vehicle?",
)
_DOUBTFUL_VIN = Reason(
    "vin-check-digit",
    "校验位不符，请核对（进口车可能如此）。",
    "The check digit differs; please compare (vehicles made abroad may have another).",
)
_Present = Row[*tuple[object, ...]]


async def check_twins(session: AsyncSession, known: Known, plan: Plan) -> None:
    """Hold plates and VINs against the register and each other."""
    new = {one.row.number for one in plan.additions}
    rows = plan.work_rows()
    by_plate, by_vin = await _present(session, known, rows)
    seen: set[str] = set()
    for row in rows:
        plate, colour = str(row.values["plate"]), str(row.values["plate_colour"])
        for other in by_plate[plate] if row.number in new else ():
            if other.plate_colour == colour:
                plan.refuse(row, "plate", _TAKEN)
            else:
                _offer(known, plan, row, "plate", other)
        vin = row.values.get("vin")
        if not isinstance(vin, str):
            continue
        if vin in seen:
            plan.refuse(row, "vin", TWICE_IN_FILE)
        seen.add(vin)
        for other in by_vin[vin]:
            if (other.plate, other.plate_colour) != (plate, colour):
                plan.refuse(row, "vin", _VIN_TAKEN)
                _offer(known, plan, row, "vin", other)
        if vin_is_doubtful(vin):
            plan.warn(row, "vin", _DOUBTFUL_VIN, vin)


def _offer(known: Known, plan: Plan, row: ReadRow, same: str, other: _Present) -> None:
    """Name the vehicle that seems to be the same, where the reader may know of it."""
    if known.extent.actor is None or other.unit_no in known.extent.scope(Permission.VEHICLE_READ):
        plan.doubles.append(Double(row.number, "vehicle", same, other.id, other.plate))


async def _present(
    session: AsyncSession, known: Known, rows: Sequence[ReadRow]
) -> tuple[dict[str, list[_Present]], dict[str, list[_Present]]]:
    """Return the vehicles of the register that have one of the rows' plates or VINs, by both."""
    found = await session.execute(
        select(
            Vehicle.id,
            Vehicle.plate,
            Vehicle.plate_colour,
            Vehicle.vin,
            VehicleUnit.organisation_no.label("unit_no"),
        )
        .outerjoin(
            VehicleUnit,
            (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, known.now),
        )
        .where(
            Vehicle.withdrawn_at.is_(None),
            or_(_among(Vehicle.plate, rows, "plate"), _among(Vehicle.vin, rows, "vin")),
        )
    )
    by_plate: dict[str, list[_Present]] = defaultdict(list)
    by_vin: dict[str, list[_Present]] = defaultdict(list)
    for one in found:
        by_plate[one.plate].append(one)
        if one.vin is not None:
            by_vin[one.vin].append(one)
    return by_plate, by_vin


def _among(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    rows: Iterable[ReadRow],
    name: str,
) -> ColumnElement[bool]:
    texts = [text for row in rows if isinstance(text := row.values.get(name), str)]
    return column == any_(literal(texts, ARRAY(Text)))
