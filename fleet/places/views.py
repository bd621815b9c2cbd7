"""From the store's rows of places to what the API shows."""

from fleet.places import schemas
from fleet.places.tables import Place
from fleet.refs import Named
from fleet.words import (
    PlaceKind,
)


def place(row: Place, organisation: Named | None) -> schemas.PlaceOut:
    """Show a place."""
    return schemas.PlaceOut(
        id=row.id,
        name=row.name,
        kind=PlaceKind(row.kind),
        organisation=organisation,
        latitude=row.latitude,
        longitude=row.longitude,
        radius_m=row.radius_m,
    )
