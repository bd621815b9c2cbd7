"""From the store's rows of drivers to what the API shows their reader."""

from collections.abc import Collection, Sequence
from uuid import UUID

from fleet.access import Actor
from fleet.lists import AnyRow
from fleet.people import driver_schemas as schemas
from fleet.people.licence_tables import DriverLicence
from fleet.people.masking import masked_tail, shown_phone
from fleet.people.tables import Driver, Person
from fleet.refs import Named


def driver(row: AnyRow, reader: Actor) -> schemas.DriverOut:
    """Show a row of `driver_store.drivers`."""
    return shown(row[0], row[1], row.unit_no, Named(id=row.unit_id, name=row.unit_name), reader)


def shown(
    row: Driver, person: Person, unit_no: int, unit: Named, reader: Actor
) -> schemas.DriverOut:
    """Show a driver; whoever may read contacts in their unit sees the phone number whole."""
    return schemas.DriverOut(
        id=row.id,
        name=person.name,
        person_id=person.id,
        phone=shown_phone(
            person.phone, person_no=person.no, organisation_nos={unit_no}, reader=reader
        ),
        licence_class=row.licence_class,
        licence_until=row.licence_until,
        id_number=masked_tail(row.id_number_tail),
        unit=unit,
    )


def driver_detail(
    row: AnyRow,
    licences: Sequence[DriverLicence],
    reader: Actor,
    *,
    warnings: Collection[schemas.DriverWarning] = (),
    same_id_number: Sequence[tuple[UUID, str]] = (),
) -> schemas.DriverDetail:
    """Show a driver with their licences and what looks odd about them."""
    return schemas.DriverDetail(
        **dict(driver(row, reader)),
        licences=[
            schemas.LicenceOut(
                licence_class=one.licence_class,
                licence_until=one.licence_until,
                start=one.period.lower,
                end=one.period.upper,
            )
            for one in licences
        ],
        warnings=sorted(warnings),
        same_id_number=[Named(id=id, name=name) for id, name in same_id_number],
    )
