"""Use cases of drivers: who drives, with which licence, for whom."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.errors import AlreadyDriver, flush_or_refuse
from fleet.organisations.tables import Organisation
from fleet.people import driver_store as store
from fleet.people.errors import LicenceOverlap, TransferOverlap
from fleet.people.id_numbers import KeptIdNumber
from fleet.people.licence_tables import DriverLicence
from fleet.people.masking import masked_tail
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
    held = period(since or act.now)
    session.add_all(
        (
            DriverUnit(driver_no=driver.no, organisation_no=organisation.no, period=held),
            _licence(driver, held),
        )
    )
    act.record(
        session,
        "driver.add",
        "driver",
        driver.id,
        organisation_no=organisation.no,
        after={"person": person.username, **_told(driver)},
    )
    await session.flush()
    return driver


async def change_licence(
    session: AsyncSession,
    act: Act,
    driver: Driver,
    *,
    licence_class: str,
    licence_until: datetime | None,
    organisation_no: int,
    since: datetime | None = None,
) -> None:
    """Let a locked driver hold another licence from `since` on; the one before is kept.

    Raises LicenceOverlap when one in the register begins at `since` or later.
    """
    since = since or act.now
    before = _told(driver)
    for row in (await store.licences_of(session, driver.no))[:1]:
        if row.period.lower is not None and row.period.lower >= since:
            raise LicenceOverlap
        row.period = Range(row.period.lower, since, bounds="[)")
    await session.flush()
    driver.licence_class, driver.licence_until = licence_class, licence_until
    session.add(_licence(driver, period(since)))
    await flush_or_refuse(session, {"one_licence_at_a_time": LicenceOverlap})
    act.record(
        session,
        "driver.licence",
        "driver",
        driver.id,
        organisation_no=organisation_no,
        before=before,
        after={**_told(driver), "since": since.isoformat()},
    )
    await session.flush()


async def keep_id_number(
    session: AsyncSession, act: Act, driver: Driver, kept: KeptIdNumber, organisation_no: int
) -> None:
    """Write a driver's sealed ID number; the journal is given its last characters alone."""
    before = {"id_number": masked_tail(driver.id_number_tail)}
    driver.id_number_sealed = kept.sealed
    driver.id_number_index = kept.index
    driver.id_number_tail = kept.tail
    act.record(
        session,
        "driver.id_number",
        "driver",
        driver.id,
        organisation_no=organisation_no,
        before=before,
        after={"id_number": masked_tail(kept.tail)},
    )
    await session.flush()


async def transfer_driver(
    session: AsyncSession,
    act: Act,
    driver: Driver,
    *,
    to: Organisation,
    since: datetime | None = None,
) -> None:
    """Let a locked driver drive for another organisation from `since` on.

    Raises TransferOverlap when a change at or after `since` is already in the register.
    """
    since = since or act.now
    last = (await store.units_of(session, driver.no))[0]
    if last.period.lower is None or last.period.lower >= since or last.period.upper is not None:
        raise TransferOverlap
    left = last.organisation_no
    last.period = Range(last.period.lower, since, bounds="[)")
    await session.flush()
    session.add(DriverUnit(driver_no=driver.no, organisation_no=to.no, period=period(since)))
    await flush_or_refuse(session, {"one_employer_at_a_time": TransferOverlap})
    origin = await session.get_one(Organisation, left)
    act.record(
        session,
        "driver.transfer",
        "driver",
        driver.id,
        organisation_no=to.no,
        before={"organisation": origin.name},
        after={"organisation": to.name, "since": since.isoformat()},
    )
    await session.flush()


def _licence(driver: Driver, held: Range[datetime]) -> DriverLicence:
    return DriverLicence(
        driver_no=driver.no,
        licence_class=driver.licence_class,
        licence_until=driver.licence_until,
        period=held,
    )


def _told(driver: Driver) -> dict[str, object]:
    until = driver.licence_until
    return {
        "licence_class": driver.licence_class,
        "licence_until": until.isoformat() if until else None,
    }
