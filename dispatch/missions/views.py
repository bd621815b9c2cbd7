"""Missions as the API shows them, to whoever may read them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.missions import schemas, store
from dispatch.missions.named import doers_of, people_of
from dispatch.missions.states import MissionState, legal_actions
from dispatch.missions.store import Counts
from dispatch.missions.tables import Mission, MissionRide
from dispatch.missions.words import MissionPart
from dispatch.orders.schemas import SlipRef
from dispatch.refs import Refs, load_refs
from dispatch.slips.content import number_text
from dispatch.slips.store import slips_of_orders
from dispatch.tables import Order, Slip
from fleet.access import Actor


async def mission_items(
    session: AsyncSession, missions: Sequence[Mission]
) -> list[schemas.MissionItem]:
    """Return missions as lists show them."""
    nos = [one.no for one in missions]
    counts, states = await store.counts_of(session, nos), await store.states_of(session, nos)
    refs = await load_refs(session, organisations=[one.organisation_no for one in missions])
    return [
        schemas.MissionItem.model_validate(_fields(one, states[one.no], counts[one.no], refs))
        for one in missions
    ]


async def mission_detail(
    session: AsyncSession, actor: Actor, mission: Mission
) -> schemas.MissionDetail:
    """Return a mission with its plan, people and vehicles."""
    rides = await store.rides_of(session, mission.no)
    orders = await store.orders_of(session, mission.no)
    slips = await slips_of_orders(session, [order.id for order in orders.values()])
    people = await people_of(session, mission.no)
    named = [no for nos in people.values() for no in nos]
    refs = await load_refs(
        session,
        organisations=[mission.organisation_no],
        people=[
            *named,
            mission.planned_by_no,
            mission.approved_by_no,
            *(ride.passenger_no for ride in rides),
        ],
        vehicles=[
            *(ride.vehicle_no for ride in rides),
            *(order.vehicle_no for order in orders.values()),
        ],
        drivers=[
            *(ride.driver_no for ride in rides),
            *(order.driver_no for order in orders.values()),
        ],
    )
    counts = (await store.counts_of(session, [mission.no]))[mission.no]
    state = await store.state_of(session, mission)
    doers = await doers_of(session, actor, mission)
    return schemas.MissionDetail.model_validate(
        _fields(mission, state, counts, refs)
        | {
            "plan": mission.plan,
            "purpose": mission.purpose,
            "assembly": {
                "name": mission.assembly_name,
                "latitude": mission.assembly_latitude,
                "longitude": mission.assembly_longitude,
                "radius_m": mission.assembly_radius_m,
            },
            "liaison": refs.people[people[MissionPart.LIAISON][0]],
            "readers": [refs.people[no] for no in people[MissionPart.READER]],
            "runners": [refs.people[no] for no in people[MissionPart.RUNNER]],
            "planned_by": refs.people[mission.planned_by_no],
            "submitted_at": mission.submitted_at,
            "approved_by": refs.people.get(mission.approved_by_no or 0),
            "approved_at": mission.approved_at,
            "state_reason": mission.state_reason,
            "rides": [_ride(ride, _order_of(ride, orders), slips, refs) for ride in rides],
            "actions": legal_actions(state, doers),
        }
    )


def _fields(mission: Mission, state: MissionState, counts: Counts, refs: Refs) -> dict[str, object]:
    return {
        "id": mission.id,
        "state": state,
        "revision": mission.revision,
        "unit": refs.organisations[mission.organisation_no],
        "kind": mission.kind,
        "title": mission.title,
        "period": {"start": mission.period.lower, "end": mission.period.upper},
        "gather_at": mission.gather_at,
        "vehicles": counts.vehicles,
        "standbys": counts.standbys,
        "slips": counts.slips,
    }


def _ride(
    ride: MissionRide, order: Order | None, slips: dict[UUID, Slip], refs: Refs
) -> dict[str, object]:
    return {
        "id": ride.id,
        "position": ride.position,
        "standby": ride.standby,
        "period": {"start": ride.period.lower, "end": ride.period.upper},
        "passengers": ride.passengers,
        "passenger": refs.people[ride.passenger_no],
        "category": ride.category,
        "destination": {
            "name": ride.destination_name,
            "latitude": ride.destination_latitude,
            "longitude": ride.destination_longitude,
        },
        "request_id": ride.request_id,
        "vehicle": refs.vehicles.get(ride.vehicle_no or 0),
        "driver": refs.drivers.get(ride.driver_no or 0),
        "note": ride.note,
        "order": _order(order, slips.get(order.id), refs) if order else None,
    }


def _order(order: Order, slip: Slip | None, refs: Refs) -> dict[str, object]:
    return {
        "id": order.id,
        "state": order.state,
        "revision": order.revision,
        "vehicle": refs.vehicles.get(order.vehicle_no or 0),
        "driver": refs.drivers.get(order.driver_no or 0),
        "slip": SlipRef(
            id=slip.id, number_text=number_text(slip.year, slip.number), void_at=slip.void_at
        )
        if slip
        else None,
    }


def _order_of(ride: MissionRide, orders: dict[UUID, Order]) -> Order | None:
    return orders.get(ride.request_id) if ride.request_id else None
