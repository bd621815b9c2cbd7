"""Use cases of drivers."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.errors import AlreadyDriver, flush_or_refuse
from fleet.organisations.tables import Organisation
from fleet.people.tables import Driver, DriverUnit, Person


async def add_driver(
    session: AsyncSession,
    act: Act,
    *,
    person: Person,
    licence_class: str,
    organisation: Organisation,
    licence_until: datetime | None = None,
    since: datetime | None = None,
) -> Driver:
    """Let a person drive for `organisation`; the role `driver` is given with the account.

    Raises AlreadyDriver.
    """
    driver = Driver(person_no=person.no, licence_class=licence_class, licence_until=licence_until)
    session.add(driver)
    await flush_or_refuse(session, {"uq_driver_person_no": AlreadyDriver})
    session.add(
        DriverUnit(
            driver_no=driver.no,
            organisation_no=organisation.no,
            period=period(since or act.now),
        )
    )
    act.record(
        session,
        "driver.add",
        "driver",
        driver.id,
        organisation_no=organisation.no,
        after={"person": person.username, "licence_class": licence_class},
    )
    await session.flush()
    return driver
