"""A small seeded world for tests: a bureau with mandates over two units, and everybody in it.

    bureau 机关事务中心        manager, dispatcher, supervisor, authority, pool vehicles and drivers
    ├── unit A 甲局            applicant_a, approver_a, clerk_a, driver_a1, driver_a2; A's vehicles
    └── unit B 乙局            the same with _b

Everybody's password is `PASSWORD`. The bureau's administrators are sysadmin, secadmin, auditor.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

import httpx
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.organisations.mandates import give_mandate
from fleet.organisations.tree import add_organisation
from fleet.people.accounts import RoleIn, create_person
from fleet.people.drivers import add_driver
from fleet.places.places import add_place
from fleet.tables import Driver, Organisation, Person, Place, Terminal, Vehicle
from fleet.terminals.bindings import add_terminal, bind_terminal
from fleet.vehicles.plates import PlateColour
from fleet.vehicles.register import add_vehicle
from fleet.words import Category, Energy, Holding, Matter, OrganisationKind, PlaceKind, Role

PASSWORD = "test-only-password"
LATITUDE, LONGITUDE = 40.05, 110.05  # the middle of the invented city

_STAFF = (
    ("applicant", "申请人", Role.APPLICANT),
    ("approver", "用车审核领导", Role.UNIT_APPROVER),
    ("clerk", "用车管理员", Role.UNIT_CLERK),
)
_BUREAU = (
    ("manager", "车辆管理员", Role.FLEET_MANAGER),
    ("dispatcher", "调度员", Role.DISPATCHER),
    ("supervisor", "监督人员", Role.SUPERVISOR_OFFICER),
    ("authority", "主管部门审批人", Role.AUTHORITY_APPROVER),
    ("finance", "财务人员", Role.FINANCE),
    ("sysadmin", "系统管理员", Role.SYSTEM_ADMINISTRATOR),
    ("secadmin", "安全保密管理员", Role.SECURITY_ADMINISTRATOR),
    ("auditor", "安全审计员", Role.AUDIT_ADMINISTRATOR),
)


@dataclass(slots=True)
class World:
    """All that was made, by short names.

    organisations: bureau, a, b; people: by username; vehicles: a1 a2 a3 b1 b2 b3 pool1 pool2
    drivers: a1 a2 b1 b2 pool1 pool2; terminals and bases: as their vehicles / organisations
    Everything is in force since `since`, 40 days before the world's `now`.
    middle: latitude and longitude of the first base, in degrees; the others lie to the north-east
    """

    now: datetime
    since: datetime
    middle: tuple[float, float]
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    vehicles: dict[str, Vehicle] = field(default_factory=dict)
    drivers: dict[str, Driver] = field(default_factory=dict)
    terminals: dict[str, Terminal] = field(default_factory=dict)
    bases: dict[str, Place] = field(default_factory=dict)


async def build_world(
    session: AsyncSession, now: datetime, middle: tuple[float, float] = (LATITUDE, LONGITUDE)
) -> World:
    """Make the world in the session's transaction; the caller commits."""
    world = World(now=now, since=now - timedelta(days=40), middle=middle)
    act = Act(actor=None, now=world.since)
    await _organisations(session, act, world)
    await _people(session, act, world)
    for key, vehicles in (("a", 3), ("b", 3), ("bureau", 2)):
        await _vehicles(session, act, world, key, vehicles)
        await _drivers(session, act, world, key)
    return world


async def _organisations(session: AsyncSession, act: Act, world: World) -> None:
    bureau = await add_organisation(session, act, name="机关事务中心", kind=OrganisationKind.BUREAU)
    world.organisations["bureau"] = bureau
    for key, name in (("a", "甲局"), ("b", "乙局")):
        unit = await add_organisation(
            session, act, name=name, kind=OrganisationKind.UNIT, parent=bureau
        )
        world.organisations[key] = unit
        for matter in Matter:
            await give_mandate(session, act, holder=bureau, over=unit, matter=matter)


async def _people(session: AsyncSession, act: Act, world: World) -> None:
    for username, name, role in _BUREAU:
        await _person(session, act, world, username, name, role, "bureau")
    for key in ("a", "b"):
        for username, name, role in _STAFF:
            await _person(session, act, world, f"{username}_{key}", name, role, key)


async def _person(
    session: AsyncSession,
    act: Act,
    world: World,
    username: str,
    name: str,
    role: Role,
    organisation: str,
) -> Person:
    person = await create_person(
        session,
        act,
        username=username,
        name=name,
        roles=[RoleIn(role, world.organisations[organisation])],
        password_hash=_hash(),
    )
    world.people[username] = person
    return person


async def _vehicles(session: AsyncSession, act: Act, world: World, key: str, count: int) -> None:
    organisation = world.organisations[key]
    place = len(world.bases)
    base = await add_place(
        session,
        act,
        name=f"{organisation.name}停车场",
        kind=PlaceKind.BASE,
        organisation=organisation,
        latitude=world.middle[0] + 0.01 * place,
        longitude=world.middle[1] + 0.01 * place,
        radius_m=150,
    )
    world.bases[key] = base
    prefix = "pool" if key == "bureau" else key
    for n in range(1, count + 1):
        vehicle = await add_vehicle(
            session,
            act,
            plate=f"示{prefix[0].upper()}{10000 + n}",
            plate_colour=PlateColour.BLUE,
            model="轿车",
            category=Category.OTHER_PRESCRIBED,
            seats=5,
            energy=Energy.PETROL,
            holding=Holding.POOL if key == "bureau" else Holding.RETAINED,
            organisation=organisation,
            base=base,
            demo=True,
        )
        terminal = await add_terminal(
            session,
            act,
            phone=f"1390000{len(world.terminals):04d}",
            organisation=organisation,
        )
        await bind_terminal(session, act, terminal=terminal, vehicle=vehicle)
        world.vehicles[f"{prefix}{n}"] = vehicle
        world.terminals[f"{prefix}{n}"] = terminal


async def _drivers(session: AsyncSession, act: Act, world: World, key: str) -> None:
    prefix = "pool" if key == "bureau" else key
    for n in (1, 2):
        person = await _person(
            session, act, world, f"driver_{prefix}{n}", f"驾驶员{prefix}{n}", Role.DRIVER, key
        )
        world.drivers[f"{prefix}{n}"] = await add_driver(
            session,
            act,
            person=person,
            licence_class="B1",
            organisation=world.organisations[key],
        )


@cache
def _hash() -> str:
    """A hash that says of itself that it was made cheaply: verifying it is cheap too."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@asynccontextmanager
async def client_of(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client that talks to `app` without a socket; unexpected errors answer 500."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gongche.test") as client:
        yield client


async def log_in(client: httpx.AsyncClient, username: str, password: str = PASSWORD) -> None:
    """Log in, and let every later request of `client` carry the token as a bearer."""
    answer = await client.post(
        "/api/v1/session",
        json={"username": username, "password": password},
        headers={"Authorization": ""},
    )
    answer.raise_for_status()
    client.cookies.clear()
    client.headers["Authorization"] = f"Bearer {answer.json()['token']}"


async def begin_sitting(client: httpx.AsyncClient, purpose: str = "supervision") -> None:
    """Say why `client` looks at tracks from now on."""
    answer = await client.post("/api/v1/sittings", json={"purpose": purpose})
    answer.raise_for_status()
