"""Routes of the duty roster (值班表)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.duty import schemas, store, views
from fleet.duty.planning import end_planned, plan_duty
from fleet.lists import Paging
from fleet.organisations.store import narrowed, organisation_in
from fleet.people.store import person_in
from fleet.people.tables import Person
from fleet.permissions import Permission
from fleet.vehicles.tables import Vehicle
from fleet.vehicles_in_use import vehicle_in
from kit.web import Address, DbSession, InstantIn, Now

router = APIRouter(tags=["duty"])

Planner = Annotated[Actor, Allow(Permission.ROSTER_WRITE)]
At = Annotated[InstantIn | None, Query(description="Only who is on duty at this instant")]


@router.get("/rosters")
async def list_rosters(
    actor: Annotated[Actor, Allow(Permission.ROSTER_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
    organisation_id: UUID | None = None,
    at: At = None,
) -> schemas.RosterPage:
    """List who and which vehicles are on duty for organisations within scope."""
    scope = await narrowed(session, actor.scope(Permission.ROSTER_READ), organisation_id, now)
    page = await store.roster(session, scope, at, part)
    return schemas.RosterPage(
        items=[views.roster_entry(row) for row in page.items], next_cursor=page.next_cursor
    )


@router.post("/rosters", status_code=201)
async def add_roster_entry(
    body: schemas.NewRosterEntry,
    actor: Planner,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.RosterEntryOut:
    """Put a person or a vehicle within scope on the roster of an organisation within scope."""
    scope = actor.scope(Permission.ROSTER_WRITE)
    organisation = await organisation_in(session, body.organisation_id, scope)
    subject: Person | Vehicle
    if body.person_id is not None:
        subject = await person_in(session, body.person_id, scope, now)
    else:
        assert body.vehicle_id is not None
        subject = (await vehicle_in(session, body.vehicle_id, scope, now)).vehicle
    made = await plan_duty(
        session,
        Act(actor, now, address),
        organisation=organisation,
        kind=body.kind,
        subject=subject,
        start=body.start,
        end=body.end,
        note=body.note,
    )
    return views.roster_entry(await store.roster_row(session, made.id, scope))


@router.post("/rosters/{id}/end")
async def end_roster_entry(
    id: UUID, actor: Planner, session: DbSession, now: Now, address: Address
) -> schemas.RosterEntryOut:
    """Let somebody or something be off duty now, or withdraw it before it begins."""
    scope = actor.scope(Permission.ROSTER_WRITE)
    row = await store.roster_row(session, id, scope)
    await end_planned(
        session,
        Act(actor, now, address),
        row[0],
        action="roster.end",
        object_kind="roster",
        object_id=id,
        organisation_no=row[0].organisation_no,
    )
    return views.roster_entry(await store.roster_row(session, id, scope))
