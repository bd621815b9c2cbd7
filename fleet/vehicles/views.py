"""From the store's rows of vehicles to what the API shows."""

from collections.abc import Mapping

from fleet.lists import AnyRow
from fleet.organisations.store import Scope
from fleet.refs import Named, TerminalRef, named
from fleet.vehicles import schemas
from fleet.vehicles.plates import PlateColour, energy_is_doubtful
from fleet.vehicles.tables import Vehicle, VehicleEvent, VehiclePlate
from fleet.vehicles.vin import vin_is_doubtful
from fleet.vehicles.words import Body, Condition, EventKind, Funding, LifeState, Marking
from fleet.words import (
    Category,
    Energy,
    Holding,
)

ASSET_FIELDS = ("vin", "engine_number", "price_fen", "funding")
"""Shown only where the reader has the permission to read assets."""


MASKED_FACTS = frozenset({*ASSET_FIELDS, "income_fen"})


def vehicle(row: AnyRow, assets: Scope) -> schemas.VehicleOut:
    """Show a row of `store.vehicles`.

    assets: the organisations whose vehicles' asset fields the reader may see
    """
    car: Vehicle = row[0]
    seen = row.unit_no in assets
    return schemas.VehicleOut(
        id=car.id,
        plate=car.plate,
        plate_colour=PlateColour(car.plate_colour),
        vin=car.vin if seen else None,
        model=car.model,
        category=Category(car.category),
        seats=car.seats,
        energy=Energy(car.energy),
        holding=Holding(car.holding),
        unit=Named(id=row.unit_id, name=row.unit_name),
        base=named(row.base_id, row.base_name),
        terminal=(
            TerminalRef(id=row.terminal_id, phone=row.terminal_phone) if row.terminal_id else None
        ),
        state=LifeState(car.state),
        use_type=car.use_type,
        body=Body(car.body) if car.body else None,
        engine_number=car.engine_number if seen else None,
        displacement_ml=car.displacement_ml,
        price_fen=car.price_fen if seen else None,
        funding=Funding(car.funding) if seen and car.funding else None,
        purchase_date=car.purchase_date,
        tank_l=car.tank_l,
        battery_kwh=car.battery_kwh,
        norm_ml_per_100km=car.norm_ml_per_100km,
        norm_wh_per_100km=car.norm_wh_per_100km,
        marking=Marking(car.marking),
        marking_date=car.marking_date,
        marking_basis=car.marking_basis,
        condition=Condition(car.condition),
        excess=list(car.excess),
        masked=[] if seen else list(ASSET_FIELDS),
        warnings=_warnings(car),
    )


def _warnings(car: Vehicle) -> list[str]:
    doubts = {
        "vin_check_digit": bool(car.vin) and vin_is_doubtful(str(car.vin)),
        "plate_energy": energy_is_doubtful(car.plate, car.plate_colour, car.energy),
    }
    return [name for name, doubtful in doubts.items() if doubtful]


def life_event(row: AnyRow, *, assets: bool) -> schemas.VehicleEventOut:
    """Show a row of `life_store.events`; without `assets` what tells of assets is left out."""
    event: VehicleEvent = row[0]
    facts, masked = (dict(event.facts), set[str]()) if assets else _masked(event.facts)
    return schemas.VehicleEventOut(
        id=event.id,
        kind=EventKind(event.kind),
        day=event.day,
        unit=named(row.unit_id, row.unit_name),
        facts=facts,
        masked=sorted(masked),
        recorded_by=named(row.person_id, row.person_name),
        recorded_at=event.recorded_at,
    )


def plate_held(row: VehiclePlate) -> schemas.PlateHeld:
    """Show a plate that a vehicle has borne."""
    return schemas.PlateHeld(
        plate=row.plate,
        plate_colour=PlateColour(row.plate_colour),
        start=row.period.lower,
        end=row.period.upper,
    )


def _masked(facts: Mapping[str, object]) -> tuple[dict[str, object], set[str]]:
    kept: dict[str, object] = {}
    masked: set[str] = set()
    for name, value in facts.items():
        if name in MASKED_FACTS:
            masked.add(name)
        elif isinstance(value, dict):
            kept[name], below = _masked(value)
            masked |= below
        else:
            kept[name] = value
    return kept, masked
