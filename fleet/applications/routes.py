"""Routes of applications."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.applications import schemas, store, views
from fleet.applications.effects import disposed, provided
from fleet.applications.errors import KindStays, NotCarriedOutSo
from fleet.applications.service import draft_application, rewrite_application, take_step
from fleet.applications.words import ApplicationAct, ApplicationKind, ApplicationState
from fleet.lists import Paging
from fleet.organisations.store import Scope, narrowed, owner_for
from fleet.organisations.tables import Organisation
from fleet.permissions import Permission
from fleet.vehicles.store import vehicle_row
from fleet.vehicles.tables import Vehicle
from kit.web import Address, DbSession, Now

router = APIRouter()

Reader = Annotated[Actor, Allow(Permission.APPLICATION_READ)]
Filer = Annotated[Actor, Allow(Permission.APPLICATION_FILE)]
Decider = Annotated[Actor, Allow(Permission.APPLICATION_DECIDE)]
Keeper = Annotated[Actor, Allow(Permission.VEHICLE_WRITE)]
_HEADERS = {"kind", "organisation_id", "vehicle_id"}


@router.get("/applications", tags=["applications"])
async def list_applications(
    actor: Reader,
    session: DbSession,
    now: Now,
    part: Paging,
    organisation_id: UUID | None = None,
    kind: ApplicationKind | None = None,
    state: ApplicationState | None = None,
) -> schemas.ApplicationPage:
    """List the applications of organisations within scope, the newest first."""
    scope = await narrowed(session, actor.scope(Permission.APPLICATION_READ), organisation_id, now)
    page = await store.applications(session, scope, kind=kind, state=state, part=part)
    return schemas.ApplicationPage(
        items=[views.application(row) for row in page.items], next_cursor=page.next_cursor
    )


@router.get("/applications/{id}", tags=["applications"])
async def read_application(
    id: UUID, actor: Reader, session: DbSession
) -> schemas.ApplicationWithSteps:
    """Show an application with every act upon it."""
    return await _shown(session, id, actor.scope(Permission.APPLICATION_READ))


@router.post("/applications", status_code=201, tags=["applications"])
async def create_application(
    body: Annotated[schemas.NewApplication, Body()],
    actor: Filer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.ApplicationWithSteps:
    """Begin an application of a unit within scope, as a draft."""
    scope = actor.scope(Permission.APPLICATION_FILE)
    vehicle: Vehicle | None = None
    if isinstance(body, schemas.Renewal | schemas.Disposal):
        row = await vehicle_row(session, body.vehicle_id, scope, now)
        vehicle = row[0]
        unit = await session.get_one(Organisation, row.unit_no)
    else:
        unit = await owner_for(session, actor, Permission.APPLICATION_FILE, body.organisation_id)
    application = await draft_application(
        session,
        Act(actor, now, address),
        actor,
        kind=body.kind,
        organisation=unit,
        vehicle=vehicle,
        content=body.model_dump(mode="json", exclude=_HEADERS),
    )
    return await _shown(session, application.id, scope)


@router.put("/applications/{id}", tags=["applications"])
async def change_application(
    id: UUID,
    body: Annotated[schemas.NewApplication, Body()],
    actor: Filer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.ApplicationWithSteps:
    """Change what is applied for, while it is a draft or was sent back."""
    scope = actor.scope(Permission.APPLICATION_FILE)
    row = await store.application_row(session, id, scope)
    if isinstance(body, schemas.Renewal | schemas.Disposal):
        same = body.vehicle_id == row.vehicle_id
    else:
        same = body.organisation_id == row.organisation_id
    if body.kind != row[0].kind or not same:
        raise KindStays
    application = await store.application_in(session, id, scope)
    content = body.model_dump(mode="json", exclude=_HEADERS)
    await rewrite_application(session, Act(actor, now, address), application, content)
    return await _shown(session, id, scope)


@router.post("/applications/{id}/submit", tags=["applications"])
async def submit_application(
    id: UUID,
    body: schemas.Remark,
    actor: Filer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.ApplicationWithSteps:
    """Submit a draft, or what was sent back, to whoever decides."""
    act = Act(actor, now, address, body.reason)
    permission = Permission.APPLICATION_FILE
    return await _stepped(session, act, actor, id, permission, ApplicationAct.SUBMIT)


@router.post("/applications/{id}/withdraw", tags=["applications"])
async def withdraw_application(
    id: UUID,
    body: schemas.Remark,
    actor: Filer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.ApplicationWithSteps:
    """Withdraw an application that is not decided."""
    act = Act(actor, now, address, body.reason)
    permission = Permission.APPLICATION_FILE
    return await _stepped(session, act, actor, id, permission, ApplicationAct.WITHDRAW)


@router.post("/applications/{id}/approve", tags=["applications"])
async def approve_application(
    id: UUID,
    body: schemas.Remark,
    actor: Decider,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.ApplicationWithSteps:
    """Approve an application of somebody else; quotas and renewals take effect at once."""
    act = Act(actor, now, address, body.reason)
    permission = Permission.APPLICATION_DECIDE
    return await _stepped(session, act, actor, id, permission, ApplicationAct.APPROVE)


@router.post("/applications/{id}/reject", tags=["applications"])
async def reject_application(
    id: UUID,
    body: schemas.Decision,
    actor: Decider,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.ApplicationWithSteps:
    """Reject an application of somebody else for good."""
    act = Act(actor, now, address, body.reason)
    permission = Permission.APPLICATION_DECIDE
    return await _stepped(session, act, actor, id, permission, ApplicationAct.REJECT)


@router.post("/applications/{id}/send_back", tags=["applications"])
async def send_back_application(
    id: UUID,
    body: schemas.Decision,
    actor: Decider,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.ApplicationWithSteps:
    """Send an application of somebody else back for correction."""
    act = Act(actor, now, address, body.reason)
    permission = Permission.APPLICATION_DECIDE
    return await _stepped(session, act, actor, id, permission, ApplicationAct.SEND_BACK)


@router.post("/applications/{id}/carry_out", tags=["applications"])
async def carry_out_application(
    id: UUID,
    body: schemas.CarriedOut,
    actor: Keeper,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.ApplicationWithSteps:
    """Carry out an approved provision, naming the vehicle, or an approved disposal."""
    scope = actor.scope(Permission.VEHICLE_WRITE)
    application = await store.application_in(session, id, scope)
    act = Act(actor, now, address)
    decided = await store.decided_at(session, application.no)
    await take_step(session, act, actor, application, ApplicationAct.CARRY_OUT)
    if application.kind == ApplicationKind.DISPOSAL and body.vehicle_id is None:
        await disposed(session, act, application, income_fen=body.income_fen, at=body.at)
    elif application.kind == ApplicationKind.PROVISION and body.vehicle_id is not None:
        vehicle = (await vehicle_row(session, body.vehicle_id, scope, now))[0]
        await provided(session, act, application, vehicle, decided or now)
    else:
        raise NotCarriedOutSo
    return await _shown(session, id, scope)


async def _stepped(
    session: AsyncSession,
    act: Act,
    actor: Actor,
    id: UUID,
    permission: Permission,
    step: ApplicationAct,
) -> schemas.ApplicationWithSteps:
    application = await store.application_in(session, id, actor.scope(permission))
    await take_step(session, act, actor, application, step)
    return await _shown(session, id, actor.scope(permission))


async def _shown(session: AsyncSession, id: UUID, scope: Scope) -> schemas.ApplicationWithSteps:
    row = await store.application_row(session, id, scope)
    return views.with_steps(row, await store.steps(session, row[0].no))
