"""Use cases of places."""

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.names import sort_key
from fleet.organisations.tables import Organisation
from fleet.places.tables import Place
from fleet.words import PlaceKind


async def add_place(
    session: AsyncSession,
    act: Act,
    *,
    name: str,
    kind: PlaceKind,
    organisation: Organisation | None,
    latitude: float,
    longitude: float,
    radius_m: int,
) -> Place:
    """Add a place (WGS-84); without an organisation everybody who books may choose it."""
    place = Place(
        name=name,
        sort_key=sort_key(name),
        kind=kind,
        organisation_no=organisation.no if organisation else None,
        latitude=latitude,
        longitude=longitude,
        radius_m=radius_m,
    )
    session.add(place)
    await session.flush()
    act.record(
        session,
        "place.add",
        "place",
        place.id,
        organisation_no=place.organisation_no,
        after={"name": name, "kind": kind, "latitude": latitude, "longitude": longitude},
    )
    return place
