"""Use case: many rides ordered at once under a mobilisation, without approval.

Vehicles and drivers are named, or chosen from all holdings that are called up and free. All orders
are made together (`dispatch.orders.together`): one that is refused takes nothing with it, and no
slip number is lost. Whoever is recalled from another ride is ordered after those, each in a
savepoint of its own (`recalling`): nobody is recalled for a ride that is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.need import Need
from dispatch.eligibility.ride_length import ride_m
from dispatch.matching.problem import Priority
from dispatch.missions.planning import Wanted, choose
from dispatch.missions.store import ids_by_no
from dispatch.mobilisation import store
from dispatch.mobilisation.errors import NotCalledUp, PairIncomplete, TooManyAtOnce
from dispatch.mobilisation.recalling import NOT_DEPARTED, recall_and_order
from dispatch.mobilisation.requests import Drive, Rider, new_request, reason_of, rider_of, who
from dispatch.mobilisation.schemas import MOST_AT_ONCE, MobilisedRideIn, MobilisedRidesIn
from dispatch.mobilisation.tables import Mobilisation, MobilisationOrder
from dispatch.orders.store import lock_drivers, lock_vehicles
from dispatch.orders.together.booking import assign_together
from dispatch.orders.together.wishes import Wish
from dispatch.requests.errors import RideTooShort
from dispatch.requests.feasible import check_way_there
from dispatch.requests.states import check_period
from dispatch.suggestions.weighing import Sources
from dispatch.tables import Order
from fleet.acts import Act
from fleet.permissions import Permission
from fleet.tables import Driver, Vehicle
from kit.errors import DomainError
from kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Ride:
    """One ride to order; `index` is its place in what was sent."""

    id: UUID
    index: int
    wish: MobilisedRideIn
    drive: Drive
    pair: tuple[UUID, UUID] | None


Outcome = Order | DomainError
"""The order made of a ride, or why there is none."""


class NoVehicleLeft(NotCalledUp):
    """No vehicle that is called up may serve this ride, or none has a driver left."""


async def order_rides(
    session: AsyncSession,
    act: Act,
    mobilisation: Mobilisation,
    wish: MobilisedRidesIn,
    sources: Sources,
) -> tuple[list[UUID], list[tuple[int, DomainError]]]:
    """Order rides under a mobilisation that is held in force.

    Returns the orders made, and the rides refused: their index, and why. Raises NotFound,
    UnknownPassenger, PairIncomplete, TooManyAtOnce and the errors of `check_period`.
    """
    rides = _rides(wish.rides, act)
    rider = await rider_of(session, act, mobilisation, wish.organisation_id, wish.passenger_id)
    outcomes: dict[UUID, Outcome] = dict(_too_short(rides))
    to_order = [ride for ride in rides if ride.id not in outcomes]
    outcomes |= await _order(session, act, mobilisation, rider, to_order, sources, wish.recall)
    ordered = [(ride.index, outcomes[ride.id]) for ride in rides]
    made = [one.id for _, one in ordered if isinstance(one, Order)]
    refused = [(index, one) for index, one in ordered if isinstance(one, DomainError)]
    session.add_all(
        MobilisationOrder(order_id=id, mobilisation_no=mobilisation.no, entered_at=act.now)
        for id in made
    )
    act.record(
        session,
        "mobilisation.order",
        "mobilisation",
        mobilisation.id,
        organisation_no=mobilisation.organisation_no,
        after={"orders": [str(id) for id in made], "refused": len(refused)},
    )
    await session.flush()
    return made, refused


async def _order(
    session: AsyncSession,
    act: Act,
    mobilisation: Mobilisation,
    rider: Rider,
    rides: Sequence[Ride],
    sources: Sources,
    recall: bool,
) -> dict[UUID, Outcome]:
    units = await store.units_of(session, mobilisation.no)
    chosen, notes = await _chosen(session, act, rider, units, rides, sources)
    pairs = {ride.id: ride.pair or chosen.get(ride.id) for ride in rides}
    numbers = await _lock(session, [pair for pair in pairs.values() if pair])
    called_up = await store.called_up_ids(session, mobilisation.no, act.now)
    held = await _held(session, rides, pairs, numbers) if recall else frozenset()
    outcomes: dict[UUID, Outcome] = {}
    wishes: dict[UUID, Wish] = {}
    for ride in rides:
        pair = pairs[ride.id]
        if pair is None:
            outcomes[ride.id] = NoVehicleLeft(notes.get(ride.id))
        elif pair[0] not in called_up:
            outcomes[ride.id] = NotCalledUp()
        elif ride.id not in held:
            request, steps = new_request(act, mobilisation, rider, ride.drive)
            wishes[ride.id] = Wish(request, *numbers.of(pair), steps)
    told = Act(act.actor, act.now, act.address, reason_of(mobilisation))
    answers = await assign_together(session, told, who(act), list(wishes.values()))
    outcomes |= dict(zip(wishes, answers, strict=True))
    for ride in rides:
        if ride.id not in outcomes and (pair := pairs[ride.id]) is not None:
            outcomes[ride.id] = await recall_and_order(
                session, act, mobilisation, rider, ride.drive, pair
            )
    return outcomes


def _rides(wishes: Sequence[MobilisedRideIn], act: Act) -> list[Ride]:
    if sum(one.count for one in wishes) > MOST_AT_ONCE:
        raise TooManyAtOnce(most=MOST_AT_ONCE)
    rides = []
    for index, one in enumerate(wishes):
        if (one.vehicle_id is None) != (one.driver_id is None):
            raise PairIncomplete
        pair = (one.vehicle_id, one.driver_id) if one.vehicle_id and one.driver_id else None
        if pair is not None and one.count > 1:
            raise PairIncomplete
        start = one.start or act.now
        check_period(start, one.end, act.now)
        drive = Drive(
            one.passengers,
            one.purpose_text,
            one.origin,
            one.destination,
            Range(start, one.end, bounds="[)"),
            one.category,
        )
        rides += [Ride(new_id(), index, one, drive, pair) for _ in range(one.count)]
    return rides


def _too_short(rides: Sequence[Ride]) -> dict[UUID, DomainError]:
    """Return why rides that no car can drive in their time are refused."""
    found: dict[UUID, DomainError] = {}
    for ride in rides:
        try:
            check_way_there(ride.drive.origin, ride.drive.destination, ride.drive.period)
        except RideTooShort as error:
            found[ride.id] = error
    return found


async def _chosen(
    session: AsyncSession,
    act: Act,
    rider: Rider,
    units: frozenset[int],
    rides: Sequence[Ride],
    sources: Sources,
) -> tuple[dict[UUID, tuple[UUID, UUID]], dict[UUID, str | None]]:
    """Return a vehicle and a driver for each ride that names none and can have one.

    Beside them, of the others why not.
    """
    wanted = [
        Wanted(ride.id, _need(ride.drive, rider), Priority.EMERGENCY)
        for ride in rides
        if ride.pair is None
    ]
    scope = who(act).scope(Permission.ORDER_ASSIGN) & units
    found = await choose(session, scope, wanted, sources, act.now, breaks_seals=True)
    served = {id: one for id, one in found.items() if one.vehicle_no and one.driver_no}
    vehicles, drivers = await ids_by_no(
        session,
        [one.vehicle_no or 0 for one in served.values()],
        [one.driver_no or 0 for one in served.values()],
    )
    pairs = {
        id: (vehicles[one.vehicle_no or 0], drivers[one.driver_no or 0])
        for id, one in served.items()
    }
    return pairs, {id: one.note for id, one in found.items()}


def _need(drive: Drive, rider: Rider) -> Need:
    start, end = drive.period.lower, drive.period.upper
    assert start is not None
    assert end is not None
    origin = drive.origin.latitude, drive.origin.longitude
    destination = drive.destination.latitude, drive.destination.longitude
    return Need(
        unit_no=rider.unit_no,
        category=drive.category,
        passengers=drive.passengers,
        start=start,
        end=end,
        origin=origin,
        ride_m=ride_m(origin, destination, round_trip=True),
    )


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers of vehicles and drivers by their ids."""

    vehicles: Mapping[UUID, int]
    drivers: Mapping[UUID, int]

    def of(self, pair: tuple[UUID, UUID]) -> tuple[int, int]:
        """Return the numbers of a pair; 0 is nobody's."""
        return self.vehicles.get(pair[0], 0), self.drivers.get(pair[1], 0)


async def _lock(session: AsyncSession, pairs: Sequence[tuple[UUID, UUID]]) -> _Numbers:
    """Lock all vehicles, then all drivers, before the first slip counter."""
    vehicles = await store.numbers(session, Vehicle, [vehicle for vehicle, _ in pairs])
    drivers = await store.numbers(session, Driver, [driver for _, driver in pairs])
    await lock_vehicles(session, vehicles.values())
    await lock_drivers(session, drivers.values())
    return _Numbers(vehicles, drivers)


async def _held(
    session: AsyncSession,
    rides: Sequence[Ride],
    pairs: Mapping[UUID, tuple[UUID, UUID] | None],
    numbers: _Numbers,
) -> frozenset[UUID]:
    """Return the rides whose vehicle or driver would have to be recalled from another."""
    held = await store.recallable(
        session, numbers.vehicles.values(), numbers.drivers.values(), NOT_DEPARTED
    )
    found = set()
    for ride in rides:
        if (pair := pairs[ride.id]) is None:
            continue
        vehicle_no, driver_no = numbers.of(pair)
        if any(
            (one.vehicle_no == vehicle_no or one.driver_no == driver_no)
            and one.period.overlaps(ride.drive.period)
            for one in held
        ):
            found.add(ride.id)
    return frozenset(found)
