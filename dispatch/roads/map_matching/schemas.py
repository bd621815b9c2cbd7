"""What the API says about a trip on roads. Coordinates are WGS-84; geometry is GeoJSON."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from dispatch.roads.schemas import Position


class MultiLineStringOut(BaseModel):
    """Lines of GeoJSON, one for each piece."""

    type: Literal["MultiLineString"] = "MultiLineString"
    coordinates: list[list[Position]]


class MatchedTripOut(BaseModel):
    """A version of a trip as driven on roads (实际行驶路线).

    label: `matched` on roads; `raw` without a map, or where no road fits: the positions joined by
    straight lines
    engine: whose match it is: `own` on the map in use, `valhalla` by the service that is set up;
    null for `raw`
    length_m: of the lines; distance_m: the trip's own, from its positions
    confidence: how probable the roads are, given the positions; null for `raw` and `valhalla`
    """

    trip_id: UUID
    label: Literal["matched", "raw"]
    engine: Literal["own", "valhalla"] | None
    length_m: float
    distance_m: int
    confidence: float | None
    geometry: MultiLineStringOut
