"""The invented province: the same for the same seed, whole, and written once."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from demo.province import Shape, draw
from demo.province.writing import ProvinceThere, RegisterNotEmpty, write_province
from fleet.acts import Act
from fleet.organisations import region_codes, uscc
from fleet.people.accounts import ensure_first_organisation
from fleet.tables import JournalEntry, Organisation, OrganisationParent, Vehicle, VehicleUnit
from fleet.vehicles.plates import read_plate
from fleet.words import OrganisationKind
from kit.clock import utc_now
from kit.database import Sessions, open_engine, open_sessions, transaction

SMALL = Shape(cities=2, counties=6, units=30, vehicles=300)


def test_the_same_seed_draws_the_same_province() -> None:
    one = draw(7, SMALL)
    assert one == draw(7, SMALL)
    assert one.digest != draw(8, SMALL).digest
    assert one.digest != draw(7, replace(SMALL, vehicles=301)).digest


def test_the_whole_province_has_the_size_that_was_asked_for() -> None:
    shape = Shape()
    province = draw(1, shape)
    kinds = [one.kind for one in province.organisations]
    assert kinds.count(OrganisationKind.BUREAU) == 1 + 13 + 130
    assert kinds.count(OrganisationKind.UNIT) == 3_000
    assert len({one.plate for one in province.vehicles}) == 60_000
    assert len({one.vin for one in province.vehicles}) == 60_000
    assert len({one.name for one in province.organisations}) == len(kinds)
    assert all(read_plate(one.plate, demo=True) == one.plate for one in province.vehicles)
    assert all(uscc.is_consistent(one.uscc) for one in province.organisations)
    assert all(region_codes.is_well_formed(code) for code, _ in province.regions)
    assert all(one.parent is None or one.parent < n for n, one in enumerate(province.organisations))


async def test_a_province_is_written_once_into_an_empty_register_as_one_entry(
    database_url: str,
) -> None:
    engine = open_engine(database_url)
    sessions: Sessions = open_sessions(engine)
    province, act = draw(1, SMALL), Act(None, utc_now())
    async with transaction(sessions) as session:
        await write_province(session, act, province, {}, beside=False)
    async with transaction(sessions) as session:
        entry = (await session.scalars(select(JournalEntry))).one()
        assert entry.after is not None
        assert (entry.after["vehicles"], entry.after["sha256"]) == (300, province.digest)
        assert await session.scalar(select(func.count()).select_from(Vehicle)) == 300
        current = select(func.count()).where(func.upper_inf(VehicleUnit.period))
        assert await session.scalar(current) == 300
        session.add(Organisation(name="后来的", sort_key="h", kind="unit"))
    for beside, refusal in ((False, RegisterNotEmpty), (True, ProvinceThere)):
        with pytest.raises(refusal):
            async with transaction(sessions) as session:
                await write_province(session, act, province, {}, beside=beside)
    await engine.dispose()


async def test_the_first_organisation_becomes_the_provinces_bureau(database_url: str) -> None:
    engine = open_engine(database_url)
    sessions: Sessions = open_sessions(engine)
    province = draw(1, SMALL)
    async with transaction(sessions) as session:
        first = await ensure_first_organisation(session, Act(None, utc_now()))
    async with transaction(sessions) as session:
        await write_province(session, Act(None, utc_now()), province, {}, beside=False)
    async with transaction(sessions) as session:
        roots = await session.scalars(
            select(Organisation).where(
                Organisation.no.not_in(select(OrganisationParent.organisation_no))
            )
        )
        root = roots.one()
        assert (root.id, root.name) == (first.id, province.organisations[0].name)
        count = await session.scalar(select(func.count()).select_from(Organisation))
        assert count == len(province.organisations)
        session.add(Organisation(name="后来的", sort_key="h", kind="unit"))
    await engine.dispose()
