"""From the store's rows of custody to what the API shows."""

from fleet.custody import schemas
from fleet.custody.holding import shown_number
from fleet.custody.tables import Custody
from fleet.custody.words import CustodyKind
from fleet.lists import AnyRow
from fleet.refs import VehicleRef, named


def item(row: AnyRow) -> schemas.CustodyItemOut:
    """Show an item with its holder."""
    one = row[0]
    return schemas.CustodyItemOut(
        id=one.id,
        vehicle=VehicleRef(id=row.vehicle_id, plate=row.plate),
        kind=CustodyKind(one.kind),
        label=one.label,
        number=shown_number(one.number),
        ended_at=one.ended_at,
        holding=holding(row, row[1]),
    )


def holding(row: AnyRow, held: Custody) -> schemas.HoldingOut:
    """Show who holds by this row, which names them."""
    assert held.period.lower is not None
    return schemas.HoldingOut(
        person=named(row.person_id, row.person_name),
        place=named(row.place_id, row.place_name),
        organisation=named(row.keeper_id, row.keeper_name),
        start=held.period.lower,
        end=held.period.upper,
        note=held.note,
    )
