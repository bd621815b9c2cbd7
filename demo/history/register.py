"""Writes the orders and filings of a driven day through dispatch's own use cases.

Each step is taken at its own time: the use cases are told when "now" was. All of it is one
transaction, so that slip numbers run without gaps and a second start finds everything or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from demo import cast
from demo.cast import Staff
from demo.history.driven import DrivenDay, DrivenOuting
from demo.history.plan import PlannedFiling, Why
from dispatch.eligibility.rules.category import RESERVED
from dispatch.filings import service as filings
from dispatch.filings.schemas import FilingIn
from dispatch.orders.booking import assign, issue_service_order
from dispatch.orders.schemas import ServiceOrderIn
from dispatch.orders.service import take_step
from dispatch.orders.states import OrderAction
from dispatch.orders.steps import Tap
from dispatch.requests.schemas import AssignmentIn, RequestIn
from dispatch.requests.service import Act, act, ask
from dispatch.requests.states import RequestAction
from dispatch.schemas import Waypoint
from dispatch.tables import Filing, Order
from fleet.access import Actor, Grant
from fleet.people.licences import may_drive
from fleet.tables import Driver, Organisation, Person, Vehicle
from fleet.words import Role

ADDRESS = None
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Known:
    """The register's numbers and ids of what the cast names."""

    actors: dict[str, Actor]
    """By username."""
    drivers: dict[str, UUID]
    """By username."""
    vehicles: dict[str, UUID]
    """By plate."""
    organisations: dict[str, UUID]
    """By key of the cast."""


async def write_orders(session: AsyncSession, days: Sequence[DrivenDay]) -> int:
    """Write what explains these days; return the number of orders, 0 when they are there."""
    if await session.scalar(select(Order.id).limit(1)) is not None:
        return 0
    if await session.scalar(select(Filing.id).limit(1)) is not None:
        return 0
    writer = _Writer(session, await _known(session), _drivers(days))
    for day in days:
        for filing in day.plan.filings:
            await writer.file(day, filing)
    explained = sorted(_explained(days), key=lambda pair: pair[1].departed_at)
    for day, driven in explained:
        if driven.outing.why is Why.RIDE:
            await writer.ride(day, driven)
        else:
            await writer.service(day, driven)
    return len(explained)


def _explained(days: Sequence[DrivenDay]) -> Iterator[tuple[DrivenDay, DrivenOuting]]:
    for day in days:
        for driven in day.outings:
            if driven.outing.why is not Why.NOTHING:
                yield day, driven


def _drivers(days: Sequence[DrivenDay]) -> dict[str, Staff]:
    """Return a driver for each plate, of the vehicle's unit and with a licence for it."""
    free = {unit: cast.of(Role.DRIVER, unit) for unit in (cast.BUREAU, *cast.UNITS)}
    drivers: dict[str, Staff] = {}
    for car in sorted((day.plan.car for day in days), key=lambda car: -car.seats):
        fitting = [
            one for one in free[car.unit] if may_drive(one.licence_class or "", None, car.seats)
        ]
        # Big licences are kept for those who come later only where small ones do.
        drivers[car.plate] = max(fitting, key=lambda one: one.licence_class or "")
        free[car.unit].remove(drivers[car.plate])
    return drivers


async def _known(session: AsyncSession) -> _Known:
    names = {cast.organisation_name(key): key for key in (cast.BUREAU, *cast.UNITS)}
    organisations = {
        names[one.name]: one
        for one in await session.scalars(select(Organisation).where(Organisation.name.in_(names)))
    }
    people = {one.username: one for one in await session.scalars(select(Person))}
    everywhere = frozenset(one.no for one in organisations.values())
    actors = {}
    for one in cast.staff():
        person, home = people[one.username], organisations[one.unit].no
        scope = everywhere if one.role is Role.DISPATCHER else frozenset({home})
        grant = Grant(one.role, home, scope)
        actors[one.username] = Actor(person.no, person.id, person.username, person.name, (grant,))
    rows = await session.execute(
        select(Person.username, Driver.id).join(Driver, Driver.person_no == Person.no)
    )
    vehicles = await session.execute(select(Vehicle.plate, Vehicle.id))
    return _Known(
        actors=actors,
        drivers={row.username: row.id for row in rows},
        vehicles={row.plate: row.id for row in vehicles},
        organisations={key: one.id for key, one in organisations.items()},
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one order after the other, as their people would have."""

    session: AsyncSession
    known: _Known
    drivers: dict[str, Staff]

    async def ride(self, day: DrivenDay, driven: DrivenOuting) -> None:
        """Ask, approve, assign, drive, confirm, accept back."""
        car, outing = day.plan.car, driven.outing
        random = Random(f"{cast.CITY_SEED}:{car.plate}:{driven.departed_at.isoformat()}")
        unit = random.choice(list(cast.UNITS)) if car.unit == cast.BUREAU else car.unit
        applicant = self._actor(random.choice(cast.of(Role.APPLICANT, unit)))
        approver = self._actor(cast.of(Role.UNIT_APPROVER, unit)[0])
        leave = driven.departed_at
        origin, destination = outing.visits[0].place, outing.visits[-1].place
        if len(outing.visits) > 1:
            destination = outing.visits[1].place
        wish = RequestIn(
            passengers=random.randint(1, min(4, car.seats - 1)),
            purpose=outing.purpose,
            purpose_text=outing.text,
            category=car.category if car.category in RESERVED else None,
            start=leave,
            end=_next_half_hour(driven.returned_at),
            origin=Waypoint(name=origin.name, latitude=origin.lat, longitude=origin.lon),
            destination=Waypoint(
                name=destination.name, latitude=destination.lat, longitude=destination.lon
            ),
        )
        asked_at = leave - _HOUR - timedelta(minutes=random.randint(10, 50))
        request = await ask(self.session, applicant, wish, asked_at, ADDRESS)
        approval = Act(RequestAction.APPROVE, request.revision, None)
        approved_at = asked_at + timedelta(minutes=random.randint(2, 15))
        await act(self.session, approver, request.id, approval, approved_at, ADDRESS)
        choice = AssignmentIn(
            vehicle_id=self.known.vehicles[car.plate],
            driver_id=self.known.drivers[self.drivers[car.plate].username],
            revision=request.revision,
        )
        assigned_at = approved_at + timedelta(minutes=random.randint(1, 12))
        order = await assign(
            self.session, self._dispatcher, request.id, choice, assigned_at, ADDRESS
        )
        await self._drive(order, self._actor(self.drivers[car.plate]), driven, assigned_at)
        confirmed_at = driven.returned_at + timedelta(minutes=random.randint(2, 5))
        await self._step(order, applicant, OrderAction.CONFIRM, confirmed_at)
        await self._accept_back(order, confirmed_at)

    async def service(self, day: DrivenDay, driven: DrivenOuting) -> None:
        """Order the vehicle's own need, drive, accept back."""
        car, outing = day.plan.car, driven.outing
        assert outing.service_kind is not None
        wish = ServiceOrderIn(
            kind="service",
            service_kind=outing.service_kind,
            vehicle_id=self.known.vehicles[car.plate],
            driver_id=self.known.drivers[self.drivers[car.plate].username],
            start=driven.departed_at,
            end=_next_half_hour(driven.returned_at),
            reason=outing.text,
        )
        issued_at = driven.departed_at - timedelta(minutes=20)
        order = await issue_service_order(self.session, self._dispatcher, wish, issued_at, ADDRESS)
        await self._drive(order, self._actor(self.drivers[car.plate]), driven, issued_at)
        await self._accept_back(order, driven.returned_at)

    async def file(self, day: DrivenDay, planned: PlannedFiling) -> None:
        """File in advance by the unit's clerk, accepted by its approver."""
        unit = day.plan.car.unit
        wish = FilingIn(
            vehicle_id=self.known.vehicles[day.plan.car.plate],
            kind=planned.kind,
            start=planned.start,
            end=planned.end,
            reason=planned.reason,
            place_name=planned.place.name,
        )
        clerk = self._actor(cast.of(Role.UNIT_CLERK, unit)[0])
        filed_at = planned.start - 2 * _HOUR
        filing = await filings.file(self.session, clerk, wish, filed_at, ADDRESS)
        approver = self._actor(cast.of(Role.UNIT_APPROVER, unit)[0])
        accepted_at = planned.start - _HOUR
        await filings.accept(self.session, approver, filing.id, accepted_at, ADDRESS)

    async def _drive(
        self, order: Order, driver: Actor, driven: DrivenOuting, assigned_at: datetime
    ) -> None:
        accepted_at = assigned_at + timedelta(minutes=3)
        await self._step(order, driver, OrderAction.ACCEPT, accepted_at)
        out, back = driven.odometer_out_m, driven.odometer_in_m
        await self._step(order, driver, OrderAction.DEPART, driven.departed_at, out)
        await self._step(order, driver, OrderAction.ARRIVE, driven.arrived_at)
        await self._step(order, driver, OrderAction.START_RETURN, driven.left_at)
        await self._step(order, driver, OrderAction.RETURN, driven.returned_at, back)

    async def _accept_back(self, order: Order, after: datetime) -> None:
        at = after + timedelta(minutes=4)
        await self._step(order, self._dispatcher, OrderAction.ACCEPT_BACK, at)

    async def _step(
        self,
        order: Order,
        actor: Actor,
        action: OrderAction,
        at: datetime,
        odometer_m: int | None = None,
    ) -> None:
        tap = Tap(order.revision, at, odometer_m)
        arrived_at = at + timedelta(seconds=2)
        await take_step(self.session, actor, order.id, action, tap, arrived_at, ADDRESS)

    @property
    def _dispatcher(self) -> Actor:
        return self._actor(cast.of(Role.DISPATCHER)[0])

    def _actor(self, one: Staff) -> Actor:
        return self.known.actors[one.username]


def _next_half_hour(time: datetime) -> datetime:
    """Return the next full or half hour at least ten minutes later."""
    later = time + timedelta(minutes=10)
    past = timedelta(minutes=later.minute % 30, seconds=later.second)
    return (later - past + timedelta(minutes=30)).replace(microsecond=0)
