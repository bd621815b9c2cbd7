"""Use case: a standby takes the place of a mission's vehicle, in one tap.

The standby's own order ends first (cancelled with its slip void, or interrupted where it is out),
which frees vehicle and driver. Then they are put onto the ride by the command that people use:
assigned where it has no vehicle any more, reassigned before departure, swapped on the road. A ride
that broke off awaits a vehicle again, where its passengers were left.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.rules.seats import has_seats
from dispatch.missions import store
from dispatch.missions.broken_off import await_again
from dispatch.missions.errors import NoStandbyLeft, NothingToReplace
from dispatch.missions.issuing import require_running
from dispatch.missions.named import who
from dispatch.missions.tables import Mission, MissionRide
from dispatch.orders.booking import assign
from dispatch.orders.changing import Change, change_order
from dispatch.orders.journalling import record_step, standing_of
from dispatch.orders.states import OUT, OrderAction, OrderState
from dispatch.orders.steps import Step, Tap, move_order
from dispatch.requests.schemas import AssignmentIn
from dispatch.requests.states import RequestState
from dispatch.tables import Order, Request
from fleet.acts import Act
from fleet.tables import Vehicle
from kit.errors import NotFound

REPLACE = "replace"
_BEFORE_DEPARTURE = frozenset({OrderState.ASSIGNED, OrderState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class _Standing:
    """A mission's vehicles and their orders and requests, locked as far as they change."""

    rides: Sequence[MissionRide]
    orders: dict[UUID, Order]
    requests: dict[UUID, Request]

    def order_of(self, ride: MissionRide) -> Order | None:
        """The newest order of a vehicle."""
        return self.orders.get(ride.request_id) if ride.request_id else None


async def replace_vehicle(
    session: AsyncSession, act: Act, mission: Mission, ride_id: UUID, standby_id: UUID | None
) -> None:
    """Let a standby of a locked mission take the place of one of its vehicles.

    standby_id: None: the first in convoy order that is ready and has the seats
    Raises StepNotYours, StepNotAllowed, NotFound, NothingToReplace, NoStandbyLeft, and what the
    commands raise.
    """
    await require_running(session, act, mission, "replace")
    standing = await _lock(session, mission)
    ride = next((one for one in standing.rides if one.id == ride_id), None)
    if ride is None:
        raise NotFound
    _require_replaceable(standing, ride)
    standby, held = await _standby(session, standing, ride, standby_id)
    vehicles, drivers = await store.ids_by_no(
        session, [held.vehicle_no or 0], [held.driver_no or 0]
    )
    pair = vehicles[held.vehicle_no or 0], drivers[held.driver_no or 0]
    await _end(session, act, held)
    if ride.request_id is not None:
        request = standing.requests[ride.request_id]
        await await_again(session, act, request, standing.order_of(ride), REPLACE)
    await _put(session, act, standing, ride, pair)
    standby.note = f"顶替第 {ride.position} 号车"
    mission.revision += 1
    act.record(
        session,
        "mission.replace",
        "mission",
        mission.id,
        organisation_no=mission.organisation_no,
        before={"ride_id": str(ride.id), "standby_id": str(standby.id)},
        after={"vehicle_id": str(pair[0]), "driver_id": str(pair[1])},
    )
    await session.flush()


async def _lock(session: AsyncSession, mission: Mission) -> _Standing:
    """Lock the orders of a mission, then its requests, each in the order of their ids."""
    rides = await store.rides_of(session, mission.no)
    newest = await store.orders_of(session, mission.no)
    locked = await store.lock_rows(session, Order, [order.id for order in newest.values()])
    requests = await store.lock_rows(
        session, Request, [r.request_id for r in rides if r.request_id]
    )
    orders = {request_id: locked[order.id] for request_id, order in newest.items()}
    return _Standing(rides, orders, requests)


def _require_replaceable(standing: _Standing, ride: MissionRide) -> None:
    request = standing.requests.get(ride.request_id) if ride.request_id else None
    order = standing.order_of(ride)
    waits = request is not None and request.state == RequestState.AWAITING_DISPATCH
    driven = order is not None and order.state in {*_BEFORE_DEPARTURE, *OUT, OrderState.INTERRUPTED}
    if ride.standby or not (waits or driven):
        raise NothingToReplace


async def _standby(
    session: AsyncSession, standing: _Standing, ride: MissionRide, standby_id: UUID | None
) -> tuple[MissionRide, Order]:
    """Return a standby that is ready, and its order."""
    ready = list(_ready(standing, standby_id))
    seats = await _seats(session, [order.vehicle_no for _, order in ready])
    for standby, order in ready:
        if has_seats(seats.get(order.vehicle_no, 0), ride.passengers):
            return standby, order
    raise NoStandbyLeft


def _ready(standing: _Standing, standby_id: UUID | None) -> Iterator[tuple[MissionRide, Order]]:
    for one in standing.rides:
        order = standing.order_of(one)
        if not one.standby or order is None or standby_id not in {None, one.id}:
            continue
        if order.state in {*_BEFORE_DEPARTURE, OrderState.DEPARTED, OrderState.ARRIVED}:
            yield one, order


async def _seats(session: AsyncSession, nos: Sequence[int | None]) -> dict[int | None, int]:
    rows = await session.execute(select(Vehicle.no, Vehicle.seats).where(Vehicle.no.in_(nos)))
    return {row.no: row.seats for row in rows}


async def _end(session: AsyncSession, act: Act, held: Order) -> None:
    """End the order by which a standby is held."""
    before = await standing_of(session, held)
    is_out = held.state in OUT
    action = OrderAction.INTERRUPT if is_out else OrderAction.CANCEL
    to = OrderState.INTERRUPTED if is_out else OrderState.CANCELLED
    step = Step(action, to, Tap(reason=act.reason), act.now, act.now)
    await move_order(session, held, step, who(act))
    await session.flush()
    record_step(session, act, held, f"order.{action}", before, await standing_of(session, held))


async def _put(
    session: AsyncSession, act: Act, standing: _Standing, ride: MissionRide, pair: tuple[UUID, UUID]
) -> None:
    """Put a free vehicle and driver onto a ride."""
    actor, order = who(act), standing.order_of(ride)
    assert ride.request_id is not None
    request = standing.requests[ride.request_id]
    if request.state == RequestState.AWAITING_DISPATCH or order is None:
        wish = AssignmentIn(
            vehicle_id=pair[0],
            driver_id=pair[1],
            revision=request.revision,
            reason=act.reason,
            override=True,
        )
        await assign(session, actor, request.id, wish, act.now, act.address)
        return
    action = OrderAction.SWAP_VEHICLE if order.state in OUT else OrderAction.REASSIGN
    change = Change(
        action,
        revision=order.revision,
        reason=act.reason or "",
        override=True,
        vehicle_id=pair[0],
        driver_id=pair[1],
    )
    await change_order(session, actor, order.id, change, act.now, act.address)
