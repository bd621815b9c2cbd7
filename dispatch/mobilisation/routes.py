"""Mobilisations over HTTP: signed, ordered under in bulk, entered afterwards, signed off."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from dispatch.cursors import Cursor, Limit, before_id, cursor_after
from dispatch.missions.routes import Asked
from dispatch.mobilisation import back_entries, ordering, schemas, signing, store, views
from dispatch.mobilisation.tables import Mobilisation
from dispatch.retrying import RetriedRoute
from dispatch.schemas import NamedRef, PlateRef
from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.identity.answers import kept
from fleet.identity.errors import TokenNotEnough
from fleet.identity.proofs import by_token
from fleet.identity.visits import OnVisit
from fleet.lists import Paging, read_page
from fleet.permissions import Permission
from fleet.tables import Vehicle
from fleet.words import Holding
from kit.web import Address, DbSession, Now

router = APIRouter(tags=["mobilisations"], route_class=RetriedRoute)


def _in_person(request: Request) -> None:
    if by_token(request):
        raise TokenNotEnough


Reader = Annotated[Actor, Allow(Permission.ORDER_READ)]
Dispatcher = Annotated[Actor, Allow(Permission.ORDER_ASSIGN)]
Signer = Annotated[Actor, Allow(Permission.MOBILISATION_SIGN)]
# A program signs nothing, whatever its token may do.
IN_PERSON = Depends(_in_person)


@router.get("/mobilisations")
async def list_mobilisations(
    actor: Reader, session: DbSession, limit: Limit = 50, cursor: Cursor = None
) -> schemas.MobilisationPage:
    """List the mobilisations that call up units in which one reads orders, newest first."""
    query = store.readable(actor).order_by(Mobilisation.id.desc()).limit(limit + 1)
    if (before := before_id(cursor)) is not None:
        query = query.where(Mobilisation.id < before)
    found = (await session.scalars(query)).all()
    return schemas.MobilisationPage(
        items=await views.mobilisation_items(session, found[:limit]),
        next_cursor=cursor_after(found, limit),
    )


@router.post("/mobilisations", status_code=201, dependencies=[IN_PERSON])
async def start_mobilisation(
    wish: schemas.MobilisationIn,
    actor: Signer,
    session: DbSession,
    visit: OnVisit,
) -> schemas.MobilisationDetail:
    """Sign a call-up of all vehicles of an organisation and those below it, from now on."""
    proof = await kept(session, await signing.prove(session, visit, actor, wish))
    made = await signing.start(session, visit, actor, wish, proof)
    return await views.mobilisation_detail(session, made, visit.now)


@router.get("/mobilisations/{mobilisation_id}")
async def get_mobilisation(
    mobilisation_id: UUID, actor: Reader, session: DbSession, now: Now
) -> schemas.MobilisationDetail:
    """Return a mobilisation with what it has called up and what came of it."""
    found = await store.find(session, actor, mobilisation_id)
    return await views.mobilisation_detail(session, found, now)


@router.post("/mobilisations/{mobilisation_id}/end", dependencies=[IN_PERSON])
async def end_mobilisation(
    mobilisation_id: UUID,
    signed: schemas.SignatureIn,
    actor: Signer,
    session: DbSession,
    visit: OnVisit,
) -> schemas.MobilisationDetail:
    """Sign a mobilisation off: nothing new is ordered under it, and open orders are finished."""
    scope = actor.scope(Permission.MOBILISATION_SIGN)
    found = await store.lock(session, mobilisation_id, scope)
    proof = await kept(session, await signing.prove(session, visit, actor, signed))
    await signing.end(session, visit, actor, found, signed, proof)
    return await views.mobilisation_detail(session, found, visit.now)


@router.get("/mobilisations/{mobilisation_id}/vehicles")
async def list_called_up(
    mobilisation_id: UUID, actor: Reader, session: DbSession, now: Now, part: Paging
) -> schemas.CalledUpPage:
    """List the vehicles that are called up in units in which one reads orders, by plate."""
    found = await store.find(session, actor, mobilisation_id)
    statement = store.called_up(
        found.no, store.as_of(found, now), actor.scope(Permission.ORDER_READ)
    )
    page = await read_page(session, statement, Vehicle.plate, Vehicle.id, part)
    return schemas.CalledUpPage(
        items=[
            schemas.CalledUpVehicle(
                vehicle=PlateRef(id=row.id, plate=row.plate),
                unit=NamedRef(id=row.unit_id, name=row.unit_name),
                holding=Holding(row.holding),
            )
            for row in page.items
        ],
        next_cursor=page.next_cursor,
    )


@router.get("/mobilisations/{mobilisation_id}/orders")
async def list_mobilised_orders(
    mobilisation_id: UUID,
    actor: Reader,
    session: DbSession,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> schemas.MobilisedOrderPage:
    """List the orders made under a mobilisation that one may read, newest first."""
    found = await store.find(session, actor, mobilisation_id)
    rows = await store.orders_under(
        session, found.no, actor=actor, before=before_id(cursor), limit=limit + 1
    )
    return schemas.MobilisedOrderPage(
        items=await views.mobilised_orders(session, rows[:limit]),
        next_cursor=cursor_after([order for _, order, _ in rows], limit),
    )


@router.post("/mobilisations/{mobilisation_id}/orders", status_code=201)
async def create_mobilised_orders(
    mobilisation_id: UUID,
    wish: schemas.MobilisedRidesIn,
    actor: Dispatcher,
    session: DbSession,
    sources: Asked,
    now: Now,
    address: Address,
) -> schemas.EnteredOut:
    """Order rides without approval, each with its slip; refused ones take nothing with them."""
    found = await store.hold_in_force(session, actor, mobilisation_id)
    act = Act(actor, now, address)
    made, refused = await ordering.order_rides(session, act, found, wish, sources)
    return await views.entered(session, found, made, refused)


@router.post("/mobilisations/{mobilisation_id}/back-entries", status_code=201)
async def create_back_entries(
    mobilisation_id: UUID,
    wish: schemas.BackEntriesIn,
    actor: Dispatcher,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.EnteredOut:
    """Enter drives that began without an order (补单), due within 24 hours of the departure."""
    found = await store.find(session, actor, mobilisation_id)
    made, refused = await back_entries.enter_drives(session, Act(actor, now, address), found, wish)
    return await views.entered(session, found, made, refused)
