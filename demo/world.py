"""Seeds the demo world through the use cases of the register, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from demo import cast
from demo.city import City
from demo.city import PlaceKind as CityKind
from fleet.acts import Act
from fleet.identity.passwords import hash_password
from fleet.organisations.mandates import give_mandate
from fleet.organisations.tree import add_organisation
from fleet.people.accounts import RoleIn, create_person
from fleet.people.drivers import add_driver
from fleet.places.places import add_place
from fleet.rules.auto_dispatch import AutoDispatchMode
from fleet.rules.keys import RuleKey
from fleet.rules.saying import say
from fleet.tables import Organisation, Place
from fleet.terminals.bindings import add_terminal, bind_terminal
from fleet.vehicles.register import add_vehicle
from fleet.words import Matter, OrganisationKind, PlaceKind, Role
from kit.trouble import Trouble

IN_FORCE = timedelta(days=60)
"""Everything was so for this long before the demo's first start."""
BASE_RADIUS_M = 80
_PLACE_RADIUS_M = 60

_KINDS: dict[CityKind, PlaceKind] = {
    CityKind.BASE: PlaceKind.BASE,
    CityKind.OFFICE: PlaceKind.OFFICE,
    CityKind.HOTEL: PlaceKind.WATCHED,
    CityKind.RESTAURANT: PlaceKind.WATCHED,
    CityKind.ATTRACTION: PlaceKind.WATCHED,
}


class DemoOnly(Trouble):
    """The demo world is seeded only into a system that was started with --demo."""

    def __str__(self) -> str:
        return self.__doc__ or ""


@dataclass(slots=True)
class _Seeding:
    """What has been made so far, by its key in the cast."""

    session: AsyncSession
    act: Act
    organisations: dict[str, Organisation] = field(default_factory=dict)
    bases: list[Place] = field(default_factory=list)


async def seed_world(session: AsyncSession, city: City, now: datetime, *, demo: bool) -> bool:
    """Make the demo world, in force since 60 days before `now`; does nothing where it is there.

    Returns whether it was made. Raises DemoOnly without `demo`.
    """
    if not demo:
        raise DemoOnly
    if await is_seeded(session):
        return False
    act = Act(actor=None, now=now - IN_FORCE, reason="demo world")
    seeding = _Seeding(session, act)
    await _organisations(seeding)
    await _places(seeding, city)
    await _people(seeding)
    await _vehicles(seeding)
    return True


async def is_seeded(session: AsyncSession) -> bool:
    """Return whether the demo world is there."""
    found = select(Organisation.no).where(Organisation.name == cast.BUREAU_NAME).limit(1)
    return await session.scalar(found) is not None


async def _organisations(seeding: _Seeding) -> None:
    session, act = seeding.session, seeding.act
    bureau = await add_organisation(
        session, act, name=cast.BUREAU_NAME, kind=OrganisationKind.BUREAU
    )
    seeding.organisations[cast.BUREAU] = bureau
    for key, name in cast.UNITS.items():
        seeding.organisations[key] = await add_organisation(
            session, act, name=name, kind=OrganisationKind.UNIT, parent=bureau
        )
    for matter in Matter:
        await give_mandate(session, act, holder=bureau, over=bureau, matter=matter)
    # The queue shows suggestions at once; whoever tries it out still assigns by hand.
    await say(
        session,
        act,
        organisation=bureau,
        key=RuleKey.AUTO_DISPATCH,
        value=AutoDispatchMode.SUGGEST,
        open_below=True,
    )


async def _places(seeding: _Seeding, city: City) -> None:
    for place in city.places:
        kind = _KINDS.get(place.kind, PlaceKind.OTHER)
        made = await add_place(
            seeding.session,
            seeding.act,
            name=place.name,
            kind=kind,
            organisation=None,
            latitude=place.lat,
            longitude=place.lon,
            radius_m=BASE_RADIUS_M if kind is PlaceKind.BASE else _PLACE_RADIUS_M,
        )
        if kind is PlaceKind.BASE:
            seeding.bases.append(made)


async def _people(seeding: _Seeding) -> None:
    password_hash = hash_password(cast.PASSWORD)
    for one in cast.staff():
        organisation = seeding.organisations[one.unit]
        person = await create_person(
            seeding.session,
            seeding.act,
            username=one.username,
            name=one.name,
            roles=[RoleIn(one.role, organisation)],
            phone=one.phone,
            password_hash=password_hash,
        )
        if one.role is Role.DRIVER and one.licence_class is not None:
            await add_driver(
                seeding.session,
                seeding.act,
                person=person,
                licence_class=one.licence_class,
                organisation=organisation,
            )


async def _vehicles(seeding: _Seeding) -> None:
    session, act = seeding.session, seeding.act
    for car in cast.cars():
        organisation = seeding.organisations[car.unit]
        vehicle = await add_vehicle(
            session,
            act,
            plate=car.plate,
            plate_colour=car.plate_colour,
            model=car.model,
            category=car.category,
            seats=car.seats,
            energy=car.energy,
            holding=car.holding,
            organisation=organisation,
            base=seeding.bases[car.base],
            demo=True,
        )
        terminal = await add_terminal(
            session, act, phone=car.phone, organisation=organisation, maker="SIMU", model="SIM-1"
        )
        await bind_terminal(session, act, terminal=terminal, vehicle=vehicle)
