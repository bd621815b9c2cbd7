"""Points as questions over HTTP give them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator, StringConstraints

from dispatch.roads.network import LatLon

_NUMBER = r"-?[0-9]{1,3}(\.[0-9]{1,20})?"


def point_of(point: str) -> LatLon:
    """`latitude,longitude` as two numbers of degrees. Raises ValueError."""
    latitude, longitude = (float(part) for part in point.split(","))
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("latitude lies within ±90 degrees, longitude within ±180")
    return latitude, longitude


def _checked(point: str) -> str:
    point_of(point)
    return point


Point = Annotated[
    str,
    StringConstraints(pattern=f"^{_NUMBER},{_NUMBER}$", max_length=60),
    AfterValidator(_checked),
]
Latitude = Annotated[float, Query(ge=-90, le=90, description="WGS-84 degrees")]
Longitude = Annotated[float, Query(ge=-180, le=180, description="WGS-84 degrees")]
