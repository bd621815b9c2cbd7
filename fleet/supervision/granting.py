"""Use cases of grants: a letter opens something, and ends.

The role of an external supervisor opens nothing by itself; `fleet.access` gives it the scope of
the letters in force, and every look-up is journalled with the letter's number.
"""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.organisations.store import Scope, narrowed, organisation_in
from fleet.organisations.tables import Organisation
from fleet.people.tables import Person
from fleet.supervision import store
from fleet.supervision.errors import GrantEnded, GrantTooLong, NotASupervisor, VehicleOutside
from fleet.supervision.schemas import NewGrant
from fleet.supervision.tables import SupervisionGrant, SupervisionVehicle
from fleet.vehicles.tables import Vehicle

_LONGEST = timedelta(days=366)


async def give_grant(
    session: AsyncSession, act: Act, scope: Scope, asked: NewGrant
) -> tuple[SupervisionGrant, Person, Organisation, list[Vehicle]]:
    """Write down what a letter opens to an external supervisor.

    Raises NotFound, NotASupervisor, VehicleOutside, GrantTooLong, EmptyPeriod.
    """
    organisation = await organisation_in(session, asked.organisation_id, scope)
    person = await store.person_by_id(session, asked.person_id)
    if person is None or not await store.is_supervisor(session, person, scope, act.now):
        raise NotASupervisor
    start = asked.start or act.now
    if asked.end - start > _LONGEST:
        raise GrantTooLong
    vehicles = await _vehicles(session, scope, asked, act.now)
    grant = SupervisionGrant(
        letter_no=asked.letter_no,
        issuer_kind=asked.issuer_kind,
        issuer_name=asked.issuer_name,
        person_no=person.no,
        organisation_no=organisation.no,
        by_vehicle=asked.vehicle_ids is not None,
        matter=asked.matter,
        period=period(start, asked.end),
    )
    session.add(grant)
    await session.flush()
    session.add_all(SupervisionVehicle(grant_no=grant.no, vehicle_no=v.no) for v in vehicles)
    act.record(
        session,
        "grant.give",
        "grant",
        grant.id,
        organisation_no=organisation.no,
        after={
            "letter_no": grant.letter_no,
            "issuer_kind": grant.issuer_kind,
            "issuer_name": grant.issuer_name,
            "person": person.username,
            "organisation": organisation.name,
            "vehicles": [v.plate for v in vehicles] if grant.by_vehicle else None,
            "matter": grant.matter,
            "start": start.isoformat(),
            "end": asked.end.isoformat(),
        },
    )
    await session.flush()
    return grant, person, organisation, vehicles


async def end_grant(session: AsyncSession, act: Act, grant: SupervisionGrant, reason: str) -> None:
    """End a grant before its time; its row is locked by the caller. Raises GrantEnded."""
    end = grant.period.upper
    if grant.ended_at is not None or (end is not None and end <= act.now):
        raise GrantEnded
    grant.ended_at, grant.ended_reason = act.now, reason
    act.record(
        session,
        "grant.end",
        "grant",
        grant.id,
        organisation_no=grant.organisation_no,
        before={"letter_no": grant.letter_no, "end": end.isoformat() if end else None},
        after={"letter_no": grant.letter_no, "end": act.now.isoformat()},
    )
    await session.flush()


async def _vehicles(
    session: AsyncSession, scope: Scope, asked: NewGrant, now: datetime
) -> list[Vehicle]:
    if asked.vehicle_ids is None:
        return []
    below = await narrowed(session, scope, asked.organisation_id, now)
    wanted = set(asked.vehicle_ids)
    found = sorted(await store.vehicles_in(session, wanted, below, now), key=lambda v: v.plate)
    if {vehicle.id for vehicle in found} != wanted:
        raise VehicleOutside
    return found
