"""SQL of a pool: what its organisation says of it, where it stands, and its vehicles."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.fitting import PoolVehicle
from dispatch.capacity.model import Span
from dispatch.capacity.spans import gaps, range_of, span_of
from dispatch.capacity.taken import sealed_spans, taken_spans
from dispatch.eligibility.choices import VehicleChoice
from dispatch.roads.network import LatLon
from fleet.documents.store import ends_of
from fleet.documents.words import DocumentKind
from fleet.rules import RuleKey
from fleet.rules.dispatching import CrossUnitRule
from fleet.rules.known import KNOWN
from fleet.rules.resolving import resolve
from fleet.rules.store import levels
from fleet.sealings.standing import UnitVehicle
from fleet.tables import Place, Vehicle, VehicleUnit
from fleet.vehicles.words import Body, LifeState
from fleet.words import Energy

_PAPERS = (DocumentKind.COMPULSORY_INSURANCE, DocumentKind.ANNUAL_INSPECTION)


@dataclass(frozen=True, slots=True)
class PoolRules:
    """What an organisation says of its vehicles: seconds, per cent, and whether others get them."""

    turnaround_s: int
    charged_percent: int
    closed: bool


async def rules_of(session: AsyncSession, organisation_no: int, now: datetime) -> PoolRules:
    """Return what a pool's organisation says, by one look at those above it."""
    keys = (RuleKey.TURNAROUND_S, RuleKey.CHARGED_PERCENT, RuleKey.CROSS_UNIT)
    said = await levels(session, keys, organisation_no, now)
    turnaround_s, percent, crossing = (
        KNOWN[key].read(resolve(KNOWN[key], said[key]).value) for key in keys
    )
    return PoolRules(turnaround_s, percent, crossing is CrossUnitRule.CLOSED)


async def base_of(session: AsyncSession, organisation_no: int, now: datetime) -> LatLon | None:
    """Return where most of a pool's vehicles stand, None where nobody has said."""
    rows = await session.execute(
        select(Place.no, Place.latitude, Place.longitude)
        .join(VehicleUnit, VehicleUnit.base_no == Place.no)
        .where(
            VehicleUnit.organisation_no == organisation_no,
            VehicleUnit.period.contains(now),
        )
    )
    places = Counter((row.no, row.latitude, row.longitude) for row in rows)
    if not places:
        return None
    _, latitude, longitude = min(places, key=lambda place: (-places[place], place[0]))
    return latitude, longitude


async def read_vehicles(
    session: AsyncSession,
    organisation_no: int,
    window: Span,
    now: datetime,
    rules: PoolRules,
    apart_from: Collection[UUID] = (),
) -> list[PoolVehicle]:
    """Return the vehicles that the pool uses at any time of the window, by their numbers.

    What takes them is told as far as it touches the window: orders with their turnaround, outages,
    and when another organisation uses them.
    apart_from: orders that take nothing, because they are being changed
    """
    period = range_of(window)
    rows = (
        await session.execute(
            select(Vehicle, VehicleUnit.period, Place.latitude, Place.longitude)
            .join(VehicleUnit, VehicleUnit.vehicle_no == Vehicle.no)
            .outerjoin(Place, Place.no == VehicleUnit.base_no)
            .where(
                VehicleUnit.organisation_no == organisation_no,
                VehicleUnit.period.overlaps(period),
                Vehicle.withdrawn_at.is_(None),
                Vehicle.state == LifeState.IN_USE,
            )
            .order_by(Vehicle.no, VehicleUnit.no)
        )
    ).all()
    vehicles = {row.Vehicle.no: row.Vehicle for row in rows}
    bases = {row.Vehicle.no: (row.latitude, row.longitude) for row in rows if row.latitude}
    used: dict[int, list[Span]] = defaultdict(list)
    for row in rows:
        used[row.Vehicle.no].append(span_of(row.period))
    around = [UnitVehicle(no, organisation_no, one.category) for no, one in vehicles.items()]
    ended = await ends_of(session, vehicles, _PAPERS)
    taken = await taken_spans(session, vehicles, period, now, rules.turnaround_s, apart_from)
    sealed = await sealed_spans(session, around, period, now)
    found = []
    for no, one in vehicles.items():
        away = gaps(used[no], window)
        choice = VehicleChoice(
            no=no,
            unit_no=organisation_no,
            seats=one.seats,
            category=one.category,
            holding=one.holding,
            base=bases.get(no),
            fix=None,
            busy_until=None,
            overdue_since=None,
            drivers=(),
            body=Body(one.body) if one.body else None,
            insurance_ended=ended.get((no, DocumentKind.COMPULSORY_INSURANCE)),
            inspection_ended=ended.get((no, DocumentKind.ANNUAL_INSPECTION)),
            closed_to_others=rules.closed,
            range_m=_range_m(one, rules.charged_percent),
        )
        found.append(
            PoolVehicle(choice, one.energy, (*away, *taken.get(no, ())), tuple(sealed.get(no, ())))
        )
    return found


def _range_m(vehicle: Vehicle, percent: int) -> int | None:
    """Return how far an electric vehicle drives on one charge, None where nobody knows."""
    if vehicle.energy != Energy.ELECTRIC:
        return None
    if not vehicle.battery_kwh or not vehicle.norm_wh_per_100km:
        return None
    return vehicle.battery_kwh * percent * 1_000_000 // vehicle.norm_wh_per_100km
