"""From the store's rows of outages to what the API shows."""

from collections.abc import Sequence

from fleet.lists import AnyRow
from fleet.outages import schemas
from fleet.outages.words import OutageKind
from fleet.promises import Promised
from fleet.refs import Named, VehicleRef, named


def outage(row: AnyRow) -> schemas.OutageOut:
    """Show an outage."""
    one = row[0]
    return schemas.OutageOut(
        id=one.id,
        vehicle=VehicleRef(id=row.vehicle_id, plate=row.plate),
        unit=Named(id=row.unit_id, name=row.unit_name),
        kind=OutageKind(one.kind),
        reason=one.reason,
        start=one.period.lower,
        end=one.period.upper,
        recorded_by=named(row.person_id, row.person_name),
        recorded_at=one.recorded_at,
        withdrawn_at=one.withdrawn_at,
    )


def opened(row: AnyRow, promised: Sequence[Promised]) -> schemas.OutageOpened:
    """Show an outage with the orders that the vehicle was promised to before."""
    orders = [
        schemas.OutageOrder(id=one.order_id, start=one.start, end=one.end) for one in promised
    ]
    return schemas.OutageOpened(**dict(outage(row)), orders=orders)
