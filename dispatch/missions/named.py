"""Who reads a mission: the people named in it, and whoever is to approve it; nobody else.

Its requests and orders are hidden from everybody who doesn't run it, drive in it or ride in it,
whatever they may read in the unit: others find the vehicle busy, and not with what.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import StepNotYours
from dispatch.missions.states import Doer, MissionState
from dispatch.missions.tables import Mission, MissionPerson, MissionRide
from dispatch.missions.words import MissionPart
from dispatch.tables import Order, OrderRequest, Request
from fleet.access import Actor
from fleet.acts import Act
from fleet.lists import within
from fleet.people.tables import Person
from fleet.permissions import Permission
from fleet.tables import PersonRole


def reads_mission(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on `Mission` under which it exists for the actor."""
    named = exists().where(
        MissionPerson.mission_no == Mission.no, MissionPerson.person_no == actor.person_no
    )
    scope = actor.own_scope(Permission.ORDER_READ, Permission.REQUEST_READ)
    own = true() if scope is None else within(Mission.organisation_no, scope)
    to_decide = within(Mission.organisation_no, actor.scope(Permission.REQUEST_APPROVE))
    return or_(
        and_(own, or_(named, Mission.approved_by_no == actor.person_no)),
        and_(to_decide, Mission.state == MissionState.UNIT_REVIEW),
    )


def open_request(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a `Request` is of no mission, or of one that the actor runs."""
    return ~exists().where(MissionRide.request_id == Request.id, ~runs_mission(actor))


def open_order(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that an `Order` is of no mission, or of one that the actor runs."""
    return ~exists().where(
        OrderRequest.order_id == Order.id,
        MissionRide.request_id == OrderRequest.request_id,
        ~runs_mission(actor),
    )


def runs_mission(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the actor runs the mission of a `MissionRide`."""
    return exists().where(
        MissionPerson.mission_no == MissionRide.mission_no,
        MissionPerson.person_no == actor.person_no,
        MissionPerson.part == MissionPart.RUNNER,
    )


async def hides_order(session: AsyncSession, actor: Actor, order_id: UUID) -> bool:
    """Return whether an order is of a mission that the actor doesn't run."""
    found = await session.scalar(select(Order.id).where(Order.id == order_id, ~open_order(actor)))
    return found is not None


async def people_of(session: AsyncSession, mission_no: int) -> dict[MissionPart, list[int]]:
    """Return the numbers of those named in a mission, by what they are in it."""
    rows = await session.execute(
        select(MissionPerson.part, MissionPerson.person_no)
        .where(MissionPerson.mission_no == mission_no)
        .order_by(MissionPerson.person_no)
    )
    found: dict[MissionPart, list[int]] = {part: [] for part in MissionPart}
    for part, person_no in rows:
        found[MissionPart(part)].append(person_no)
    return found


async def doers_of(session: AsyncSession, actor: Actor, mission: Mission) -> frozenset[Doer]:
    """Return what the actor is to a mission.

    Concerned is whoever wrote it, runs it, is its liaison or rides in it, and whoever acts by a
    role that one of them has lent.
    """
    people = await people_of(session, mission.no)
    riding = await session.scalars(
        select(MissionRide.passenger_no).where(MissionRide.mission_no == mission.no).distinct()
    )
    concerned = frozenset(
        {
            mission.planned_by_no,
            *people[MissionPart.LIAISON],
            *people[MissionPart.RUNNER],
            *riding,
        }
    )
    unit, unlent = mission.organisation_no, actor.without_roles_of(concerned)
    found = {
        Doer.RUNNER: actor.person_no in people[MissionPart.RUNNER]
        and unit in actor.scope(Permission.ORDER_ASSIGN),
        Doer.APPROVER: unit in actor.scope(Permission.REQUEST_APPROVE),
        Doer.CONCERNED: actor.person_no in concerned
        or unit not in unlent.scope(Permission.REQUEST_APPROVE),
    }
    return frozenset(doer for doer, holds in found.items() if holds)


async def require_runner(session: AsyncSession, actor: Actor, mission: Mission, doing: str) -> None:
    """Raise StepNotYours for whoever doesn't run a mission."""
    if Doer.RUNNER not in await doers_of(session, actor, mission):
        raise StepNotYours(state=mission.state, action=doing)


async def person_nos_in(
    session: AsyncSession, ids: set[UUID], scope: frozenset[int], now: datetime
) -> dict[UUID, int]:
    """Return the numbers of those of these people who hold a role in the scope now."""
    rows = await session.execute(
        select(Person.id, Person.no).where(
            Person.id.in_(ids),
            Person.disabled_at.is_(None),
            exists().where(
                PersonRole.person_no == Person.no,
                within(PersonRole.organisation_no, scope),
                PersonRole.period.contains(now),
            ),
        )
    )
    return {row.id: row.no for row in rows}


def who(act: Act) -> Actor:
    """Return who acts on a mission."""
    assert act.actor is not None, "a mission is written and run by somebody"
    return act.actor
