"""People, drivers and vehicles that rows name, looked up for all rows at once within a scope."""

from collections.abc import Iterable

from sqlalchemy import BindParameter, Text, any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.exchange.known import Known
from fleet.exchange.plan import Plan, ReadRow
from fleet.exchange.reasons import AMBIGUOUS, NO_PERSON, NO_VEHICLE, Reason
from fleet.lists import in_force, within
from fleet.people.tables import Driver, DriverUnit, Person, PersonRole
from fleet.permissions import Permission
from fleet.vehicles.tables import Vehicle, VehicleUnit

NO_DRIVER = Reason(
    "no-such-driver",
    "您的范围内没有这个驾驶员账号。",
    "There is no driver of this account within your scope.",
)


async def find_drivers(
    session: AsyncSession, known: Known, plan: Plan, permission: Permission
) -> None:
    """Resolve `username` as ("driver", name) and ("driver_unit", name), or refuse the cell."""
    rows = [one.row for one in plan.additions]
    found = await session.execute(
        select(Person.username, Driver.no, DriverUnit.organisation_no)
        .join(Driver, Driver.person_no == Person.no)
        .join(
            DriverUnit,
            (DriverUnit.driver_no == Driver.no) & in_force(DriverUnit.period, known.now),
        )
        .where(
            Person.username == any_(_texts(rows, "username")),
            within(DriverUnit.organisation_no, known.extent.scope(permission)),
        )
    )
    for username, no, unit_no in found:
        known.resolved["driver", username] = no
        known.resolved["driver_unit", username] = unit_no
    for row in rows:
        if ("driver", row.values["username"]) not in known.resolved:
            plan.refuse(row, "username", NO_DRIVER)


async def find_people(
    session: AsyncSession, known: Known, plan: Plan, permission: Permission
) -> None:
    """Resolve `username` as ("person", name), or refuse the cell; a blank one names nobody."""
    rows = [one.row for one in plan.additions if one.row.values.get("username")]
    here = (
        select(PersonRole.no)
        .where(
            PersonRole.person_no == Person.no,
            within(PersonRole.organisation_no, known.extent.scope(permission)),
            in_force(PersonRole.period, known.now),
        )
        .exists()
    )
    found = await session.execute(
        select(Person.username, Person.no).where(
            Person.username == any_(_texts(rows, "username")),
            or_(here, literal(known.extent.actor is None)),
        )
    )
    for username, no in found:
        known.resolved["person", username] = no
    for row in rows:
        if ("person", row.values["username"]) not in known.resolved:
            plan.refuse(row, "username", NO_PERSON)


async def find_vehicles(
    session: AsyncSession, known: Known, plan: Plan, permission: Permission
) -> None:
    """Resolve `plate` as ("vehicle", plate) and ("unit", plate), or refuse the cell."""
    rows = [one.row for one in plan.additions if one.row.values.get("plate")]
    found = await session.execute(
        select(Vehicle.plate, Vehicle.no, VehicleUnit.organisation_no)
        .join(
            VehicleUnit,
            (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, known.now),
        )
        .where(
            Vehicle.withdrawn_at.is_(None),
            Vehicle.plate == any_(_texts(rows, "plate")),
            within(VehicleUnit.organisation_no, known.extent.scope(permission)),
        )
    )
    several: set[str] = set()
    for plate, no, unit_no in found:
        if ("vehicle", plate) in known.resolved:
            several.add(plate)
        known.resolved["vehicle", plate] = no
        known.resolved["unit", plate] = unit_no
    for row in rows:
        plate = str(row.values["plate"])
        if plate in several or ("vehicle", plate) not in known.resolved:
            plan.refuse(row, "plate", AMBIGUOUS if plate in several else NO_VEHICLE)


def _texts(rows: Iterable[ReadRow], name: str) -> BindParameter[list[str]]:
    texts = [text for row in rows if isinstance(text := row.values.get(name), str)]
    return literal(texts, ARRAY(Text))
