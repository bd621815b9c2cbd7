"""Routes of drivers."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import AnyRow, Paging
from fleet.organisations.store import narrowed, organisation_in
from fleet.people import driver_schemas as schemas
from fleet.people import driver_store, driver_views, id_numbers, store
from fleet.people.drivers import add_driver, change_licence, keep_id_number, transfer_driver
from fleet.permissions import Permission
from kit.secrets import sealer_of
from kit.web import Address, AppSettings, DbSession, InstantIn, Now

router = APIRouter(tags=["drivers"])

Reader = Annotated[Actor, Allow(Permission.DRIVER_READ)]
Keeper = Annotated[Actor, Allow(Permission.DRIVER_WRITE)]
Search = Annotated[str | None, Query(max_length=100, description="Part of a name")]


@router.get("/drivers")
async def list_drivers(
    actor: Reader,
    session: DbSession,
    now: Now,
    part: Paging,
    q: Search = None,
    organisation_id: UUID | None = None,
    licence_before: InstantIn | None = None,
) -> schemas.DriverPage:
    """List the drivers of units within scope, by name.

    `licence_before` leaves those whose licence ends before that instant.
    """
    scope = await narrowed(session, actor.scope(Permission.DRIVER_READ), organisation_id, now)
    page = await driver_store.drivers(
        session, scope, now, q=q, licence_before=licence_before, part=part
    )
    return schemas.DriverPage(
        items=[driver_views.driver(row, actor) for row in page.items],
        next_cursor=page.next_cursor,
    )


@router.get("/drivers/{id}")
async def read_driver(
    id: UUID, actor: Reader, session: DbSession, now: Now
) -> schemas.DriverDetail:
    """Show a driver of a unit within scope, with every licence."""
    row = await driver_store.driver_row(session, id, actor.scope(Permission.DRIVER_READ), now)
    return await _detail(session, actor, row, now)


@router.post("/drivers", status_code=201)
async def create_driver(
    body: schemas.NewDriver,
    actor: Keeper,
    session: DbSession,
    settings: AppSettings,
    now: Now,
    address: Address,
) -> schemas.DriverDetail:
    """Let a person within scope drive for a unit within scope."""
    scope = actor.scope(Permission.DRIVER_WRITE)
    unit = await organisation_in(session, body.organisation_id, scope)
    person = await store.person_in(
        session, body.person_id, actor.scope(Permission.PERSON_READ), now
    )
    act = Act(actor, now, address)
    driver = await add_driver(
        session,
        act,
        person=person,
        licence_class=body.licence_class,
        licence_until=body.licence_until,
        organisation=unit,
    )
    if body.id_number is not None:
        kept = id_numbers.keep(body.id_number, sealer_of(settings), driver.id)
        await keep_id_number(session, act, driver, kept, unit.no)
    row = await driver_store.driver_row(session, driver.id, scope, now)
    return await _detail(session, actor, row, now, _odd(body.id_number))


@router.patch("/drivers/{id}")
async def update_driver(
    id: UUID,
    body: schemas.DriverChange,
    actor: Keeper,
    session: DbSession,
    settings: AppSettings,
    now: Now,
    address: Address,
) -> schemas.DriverDetail:
    """Write a driver's new licence, or their ID number."""
    row = await driver_store.lock_driver(session, id, actor.scope(Permission.DRIVER_WRITE), now)
    driver, act = row[0], Act(actor, now, address)
    said = body.model_fields_set
    if said & {"licence_class", "licence_until"}:
        await change_licence(
            session,
            act,
            driver,
            licence_class=(body.licence_class if "licence_class" in said else driver.licence_class),
            licence_until=(body.licence_until if "licence_until" in said else driver.licence_until),
            organisation_no=row.unit_no,
            since=body.licence_since,
        )
    if body.id_number is not None:
        kept = id_numbers.keep(body.id_number, sealer_of(settings), driver.id)
        await keep_id_number(session, act, driver, kept, row.unit_no)
    return await _detail(session, actor, row, now, _odd(body.id_number))


def _odd(number: str | None) -> tuple[schemas.DriverWarning, ...]:
    return id_numbers.warnings_of(number) if number is not None else ()


@router.post("/drivers/{id}/transfer")
async def move_driver(
    id: UUID,
    body: schemas.Transfer,
    actor: Keeper,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.DriverDetail:
    """Let a driver drive for another organisation within scope, from an instant on."""
    scope = actor.scope(Permission.DRIVER_WRITE)
    unit = await organisation_in(session, body.organisation_id, scope)
    row = await driver_store.lock_driver(session, id, scope, now)
    act = Act(actor, now, address, body.reason)
    await transfer_driver(session, act, row[0], to=unit, since=body.since)
    row = await driver_store.driver_row(session, id, scope, now)
    return await _detail(session, actor, row, now)


async def _detail(
    session: DbSession,
    actor: Actor,
    row: AnyRow,
    now: Now,
    warnings: Iterable[schemas.DriverWarning] = (),
) -> schemas.DriverDetail:
    """Return a driver as the reader may see them; no seal is broken for it."""
    driver, found = row[0], set(warnings)
    scope = actor.scope(Permission.DRIVER_READ)
    same = await driver_store.with_same_id_number(session, driver, scope, now)
    if same:
        found.add("id_number_twice")
    licences = await driver_store.licences_of(session, driver.no)
    return driver_views.driver_detail(row, licences, actor, warnings=found, same_id_number=same)
