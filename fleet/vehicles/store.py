"""SQL of vehicles, inside the scope that it is told."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from fleet.documents.tables import VehicleDocument
from fleet.lists import Slice, holds, in_force, read_page, within
from fleet.organisations.store import Scope
from fleet.organisations.tables import Organisation
from fleet.places.tables import Place
from fleet.quotas.words import ExcessKind
from fleet.terminals.tables import Terminal, VehicleTerminal
from fleet.vehicles.tables import Vehicle, VehicleUnit
from fleet.vehicles.words import LifeState
from fleet.words import Category, Energy, Holding
from kit.clock import shanghai_day
from kit.errors import NotFound
from kit.paging import Page


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of vehicles is narrowed to; None narrows nothing.

    q: part of a plate or model
    documents_expired: whether a document has expired and none of its kind is valid
    excess: only those that were let pass in excess of this
    gone: those that have left the fleet instead of the present ones
    """

    q: str | None = None
    holding: Holding | None = None
    category: Category | None = None
    energy: Energy | None = None
    use_type: str | None = None
    state: LifeState | None = None
    excess: ExcessKind | None = None
    documents_expired: bool | None = None
    gone: bool = False

    def conditions(self, now: datetime) -> list[ColumnElement[bool]]:
        """Return the conditions of what is asked for."""
        found: list[ColumnElement[bool]] = []
        if self.q:
            # Plates are kept in capitals (GA 36), so nothing has to be folded.
            is_in_plate = Vehicle.plate.contains(self.q.upper(), autoescape=True)
            found.append(or_(is_in_plate, holds(Vehicle.model, self.q)))
        for column, value in (
            (Vehicle.holding, self.holding),
            (Vehicle.category, self.category),
            (Vehicle.energy, self.energy),
            (Vehicle.use_type, self.use_type),
            (Vehicle.state, self.state),
        ):
            if value is not None:
                found.append(column == value)
        if self.excess is not None:
            found.append(Vehicle.excess.any_() == self.excess.value)
        if self.documents_expired is not None:
            expired = _has_expired(shanghai_day(now))
            found.append(expired if self.documents_expired else ~expired)
        return found


def _has_expired(today: date) -> ColumnElement[bool]:
    """Return the condition that a document has expired and none of its kind is valid."""
    valid = aliased(VehicleDocument)
    return exists().where(
        VehicleDocument.vehicle_no == Vehicle.no,
        VehicleDocument.withdrawn_at.is_(None),
        VehicleDocument.expires_on < today,
        ~exists().where(
            valid.vehicle_no == Vehicle.no,
            valid.kind == VehicleDocument.kind,
            valid.withdrawn_at.is_(None),
            or_(valid.expires_on.is_(None), valid.expires_on >= today),
        ),
    )


def _vehicles(scope: Scope, now: datetime, *, gone: bool = False) -> Select[*tuple[Any, ...]]:
    used = in_force(VehicleUnit.period, now)
    if gone:
        # The last use of a vehicle ends when the vehicle leaves.
        used = func.upper(VehicleUnit.period) == Vehicle.withdrawn_at
    return (
        select(
            Vehicle,
            VehicleUnit.organisation_no.label("unit_no"),
            Organisation.id.label("unit_id"),
            Organisation.name.label("unit_name"),
            Place.id.label("base_id"),
            Place.name.label("base_name"),
            Terminal.id.label("terminal_id"),
            Terminal.phone.label("terminal_phone"),
        )
        .join(VehicleUnit, and_(VehicleUnit.vehicle_no == Vehicle.no, used))
        .join(Organisation, Organisation.no == VehicleUnit.organisation_no)
        .outerjoin(Place, Place.no == VehicleUnit.base_no)
        .outerjoin(
            VehicleTerminal,
            (VehicleTerminal.vehicle_no == Vehicle.no)
            & VehicleTerminal.is_primary
            & in_force(VehicleTerminal.period, now),
        )
        .outerjoin(Terminal, Terminal.no == VehicleTerminal.terminal_no)
        .where(
            within(VehicleUnit.organisation_no, scope),
            Vehicle.withdrawn_at.is_not(None) if gone else Vehicle.withdrawn_at.is_(None),
        )
    )


async def vehicles(
    session: AsyncSession, scope: Scope, now: datetime, filters: Filters, part: Slice
) -> Page[Row[*tuple[Any, ...]]]:
    """Return vehicles as (Vehicle, unit, base and primary terminal as id and name)."""
    statement = _vehicles(scope, now, gone=filters.gone).where(*filters.conditions(now))
    return await read_page(session, statement, Vehicle.plate, Vehicle.id, part)


async def vehicle_row(
    session: AsyncSession, id: UUID, scope: Scope, now: datetime
) -> Row[*tuple[Any, ...]]:
    """Return one vehicle as `vehicles` does, or with its last unit when it has left the fleet.

    Raises NotFound outside `scope`.
    """
    for gone in (False, True):
        statement = _vehicles(scope, now, gone=gone).where(Vehicle.id == id)
        row = (await session.execute(statement)).one_or_none()
        if row is not None:
            return row
    raise NotFound("There is no such vehicle within your scope.")
