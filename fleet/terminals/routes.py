"""Routes of terminals and their bindings to vehicles."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.organisations.store import narrowed, organisation_in
from fleet.permissions import Permission
from fleet.refs import Named, TerminalRef, VehicleRef
from fleet.terminals import schemas, store, views
from fleet.terminals.bindings import add_terminal, bind_terminal, end_binding
from fleet.terminals.tables import Terminal, VehicleTerminal
from fleet.vehicles.store import vehicle_row
from fleet.vehicles.tables import Vehicle
from kit.web import Address, DbSession, Now

router = APIRouter(prefix="/terminals", tags=["terminals"])


@router.get("")
async def list_terminals(
    actor: Annotated[Actor, Allow(Permission.TERMINAL_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
    q: Annotated[str | None, Query(max_length=20, description="Part of the number")] = None,
    organisation_id: UUID | None = None,
) -> schemas.TerminalPage:
    """List the terminals within scope, by number."""
    scope = await narrowed(session, actor.scope(Permission.TERMINAL_READ), organisation_id, now)
    page = await store.terminals(session, scope, now, q, part)
    return schemas.TerminalPage(
        items=[
            views.terminal(
                row[0],
                Named(id=row.unit_id, name=row.unit_name),
                VehicleRef(id=row.vehicle_id, plate=row.vehicle_plate) if row.vehicle_id else None,
            )
            for row in page.items
        ],
        next_cursor=page.next_cursor,
    )


@router.post("", status_code=201)
async def create_terminal(
    body: schemas.NewTerminal,
    actor: Annotated[Actor, Allow(Permission.TERMINAL_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.TerminalOut:
    """Add a terminal; from then on it is heard."""
    unit = await organisation_in(
        session, body.organisation_id, actor.scope(Permission.TERMINAL_WRITE)
    )
    terminal = await add_terminal(
        session,
        Act(actor, now, address),
        organisation=unit,
        **body.model_dump(exclude={"organisation_id"}),
    )
    return views.terminal(terminal, Named(id=unit.id, name=unit.name), None)


@router.post("/{id}/bindings", status_code=201)
async def create_binding(
    id: UUID,
    body: schemas.NewBinding,
    actor: Annotated[Actor, Allow(Permission.TERMINAL_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.BindingOut:
    """Bind a terminal to a vehicle for a period; both lie within scope."""
    scope = actor.scope(Permission.TERMINAL_WRITE)
    terminal = await store.terminal_in(session, id, scope)
    row = await vehicle_row(session, body.vehicle_id, scope, now)
    binding = await bind_terminal(
        session,
        Act(actor, now, address),
        terminal=terminal,
        vehicle=row[0],
        start=body.start,
        end=body.end,
        is_primary=body.is_primary,
    )
    return _binding(terminal, row[0], binding)


@router.post("/{id}/bindings/end")
async def end_current_binding(
    id: UUID,
    body: schemas.BindingEnd,
    actor: Annotated[Actor, Allow(Permission.TERMINAL_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.BindingOut:
    """End the binding in force at the given time, before the terminal moves elsewhere."""
    scope = actor.scope(Permission.TERMINAL_WRITE)
    terminal = await store.terminal_in(session, id, scope)
    end = body.end or now
    binding, vehicle = await store.binding_at(session, terminal, end)
    await end_binding(
        session,
        Act(actor, now, address),
        terminal=terminal,
        vehicle=vehicle,
        binding=binding,
        end=end,
    )
    return _binding(terminal, vehicle, binding)


def _binding(terminal: Terminal, vehicle: Vehicle, binding: VehicleTerminal) -> schemas.BindingOut:
    return schemas.BindingOut(
        terminal=TerminalRef(id=terminal.id, phone=terminal.phone),
        vehicle=VehicleRef(id=vehicle.id, plate=vehicle.plate),
        start=binding.period.lower,
        end=binding.period.upper,
        is_primary=binding.is_primary,
    )
