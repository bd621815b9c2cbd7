"""The demo world: seeded once, whole, and only with --demo."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from demo import cast
from demo.city import City
from demo.world import DemoOnly, seed_world
from fleet.identity.log_in import log_in
from fleet.identity.sessions import OpenedSession
from fleet.identity.visits import Visit
from fleet.permissions import Permission
from fleet.tables import Driver, Mandate, Organisation, Person, Terminal, Vehicle, VehicleTerminal
from fleet.words import Matter, Role
from kit.database import Sessions, transaction
from kit.settings import Settings

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


async def _counts(session: AsyncSession) -> list[int]:
    tables = (Organisation, Mandate, Person, Driver, Vehicle, Terminal, VehicleTerminal)
    return [await session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


async def test_the_world_is_seeded_once_however_often_the_demo_starts(
    sessions: Sessions, city: City
) -> None:
    async with transaction(sessions) as session:
        assert await seed_world(session, city, NOW, demo=True)
    async with transaction(sessions) as session:
        first = await _counts(session)
        assert not await seed_world(session, city, NOW, demo=True)
    async with transaction(sessions) as session:
        assert await _counts(session) == first
    units = len(cast.UNITS)
    assert first == [units + 1, len(Matter), len(cast.staff()), 220, 200, 200, 200]
    assert units >= 6


async def test_the_dispatcher_reaches_the_platforms_and_every_units_vehicles(
    sessions: Sessions, city: City
) -> None:
    async with transaction(sessions) as session:
        await seed_world(session, city, NOW, demo=True)
    async with transaction(sessions) as session:
        everywhere = set(await session.scalars(select(Organisation.no)))
        dispatcher = cast.of(Role.DISPATCHER)[0]
        entered = await log_in(
            session,
            Visit(NOW, address=None, agent=None, settings=Settings()),
            dispatcher.username,
            cast.PASSWORD,
        )
    assert isinstance(entered, OpenedSession)
    assert entered.actor.scope(Permission.ORDER_ASSIGN) == everywhere


async def test_without_demo_nothing_is_seeded(sessions: Sessions, city: City) -> None:
    async with transaction(sessions) as session:
        with pytest.raises(DemoOnly):
            await seed_world(session, city, NOW, demo=False)
        assert await _counts(session) == [0] * 7


def test_names_plates_and_numbers_are_unique() -> None:
    for values in (
        [one.name for one in cast.staff()],
        [one.username for one in cast.staff()],
        [car.plate for car in cast.cars()],
        [car.phone for car in cast.cars()],
    ):
        assert len(set(values)) == len(values)


def test_every_unit_has_somebody_for_each_step_of_a_ride() -> None:
    for unit in cast.UNITS:
        for role in (Role.APPLICANT, Role.UNIT_APPROVER, Role.UNIT_CLERK, Role.DRIVER):
            assert cast.of(role, unit)


def test_the_accounts_shown_are_of_every_role() -> None:
    usernames = {username for username, _, _ in cast.accounts()}
    shown = {one.role for one in cast.staff() if one.username in usernames}
    # One comes with a letter from outside, the other has nothing to review here yet.
    assert shown == set(Role) - {Role.EXTERNAL_SUPERVISOR, Role.SECRECY_REVIEWER}
