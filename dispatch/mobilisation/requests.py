"""The request of a ride under a mobilisation: its approval is the signature that called it up.

Its purpose is the emergency, which breaks every seal and goes before all other matters. Its steps
show who ordered it and who signed, from which the slip prints both.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import UnknownPassenger
from dispatch.mobilisation.tables import Mobilisation
from dispatch.mobilisation.words import LEVEL_LABEL, MobilisationAction
from dispatch.requests.states import RequestAction, RequestState
from dispatch.requests.store import person_no_in
from dispatch.schemas import Waypoint
from dispatch.tables import Request, RequestStep
from dispatch.words import Purpose
from fleet.access import Actor
from fleet.acts import Act
from fleet.organisations.store import organisation_in
from fleet.permissions import Permission
from fleet.words import Category
from kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Rider:
    """The unit that rides, and who confirms it, by their numbers."""

    unit_no: int
    passenger_no: int


@dataclass(frozen=True, slots=True)
class Drive:
    """What is to be driven, or was."""

    passengers: int
    purpose_text: str
    origin: Waypoint
    destination: Waypoint
    period: Range[datetime]
    category: Category | None = None


async def rider_of(
    session: AsyncSession,
    act: Act,
    mobilisation: Mobilisation,
    organisation_id: UUID | None,
    passenger_id: UUID | None,
) -> Rider:
    """Return who rides: the unit and person named, or the one that is called up and the actor.

    Raises NotFound for a unit for which the actor doesn't dispatch, UnknownPassenger.
    """
    actor = who(act)
    scope = actor.scope(Permission.ORDER_ASSIGN)
    unit_no = mobilisation.organisation_no
    if organisation_id is not None:
        unit_no = (await organisation_in(session, organisation_id, scope)).no
    actor.require(Permission.ORDER_ASSIGN, unit_no)
    passenger_no = actor.person_no
    if passenger_id is not None and passenger_id != actor.person_id:
        found = await person_no_in(session, passenger_id, scope, act.now)
        if found is None:
            raise UnknownPassenger
        passenger_no = found
    return Rider(unit_no, passenger_no)


async def make_request(
    session: AsyncSession, act: Act, mobilisation: Mobilisation, rider: Rider, drive: Drive
) -> Request:
    """Write a request that awaits dispatch by the mobilisation's signature."""
    request, steps = new_request(act, mobilisation, rider, drive)
    session.add(request)
    await session.flush()
    session.add_all(steps)
    await session.flush()
    return request


def new_request(
    act: Act, mobilisation: Mobilisation, rider: Rider, drive: Drive
) -> tuple[Request, tuple[RequestStep, RequestStep]]:
    """Return a request that awaits dispatch, with the steps so far; nothing is written yet."""
    request = Request(
        id=new_id(),
        organisation_no=rider.unit_no,
        applicant_no=who(act).person_no,
        passenger_no=rider.passenger_no,
        passengers=drive.passengers,
        purpose=Purpose.EMERGENCY,
        purpose_text=drive.purpose_text,
        category=drive.category,
        period=drive.period,
        origin_name=drive.origin.name,
        origin_latitude=drive.origin.latitude,
        origin_longitude=drive.origin.longitude,
        destination_name=drive.destination.name,
        destination_latitude=drive.destination.latitude,
        destination_longitude=drive.destination.longitude,
        round_trip=True,
        may_share=False,
        state=RequestState.AWAITING_DISPATCH,
        revision=3,
    )
    return request, _steps(act, mobilisation, request)


def reason_of(mobilisation: Mobilisation) -> str:
    """Return why a ride under a mobilisation needs no approval, and overrides soft rules."""
    return f"应急调用（{LEVEL_LABEL[mobilisation.level]}）：{mobilisation.name}"


def who(act: Act) -> Actor:
    """Return who acts."""
    assert act.actor is not None, "rides under a mobilisation are ordered by somebody"
    return act.actor


def _steps(
    act: Act, mobilisation: Mobilisation, request: Request
) -> tuple[RequestStep, RequestStep]:
    asked = RequestStep(
        request_id=request.id,
        action=RequestAction.SUBMIT,
        from_state=RequestState.DRAFT,
        to_state=RequestState.UNIT_REVIEW,
        actor_no=who(act).person_no,
        at=act.now,
    )
    mobilised = RequestStep(
        request_id=request.id,
        action=MobilisationAction.MOBILISE,
        from_state=RequestState.UNIT_REVIEW,
        to_state=RequestState.AWAITING_DISPATCH,
        actor_no=mobilisation.started_by_no,
        at=act.now,
        reason=reason_of(mobilisation),
    )
    return asked, mobilised
