"""A city as a value: OpenStreetMap's nodes, ways and relations, and the places a demo uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Tags = Mapping[str, str]


class PlaceKind(StrEnum):
    """What a place is to the demo."""

    OFFICE = "office"
    BASE = "base"
    HOSPITAL = "hospital"
    STATION = "station"
    HOTEL = "hotel"
    SCHOOL = "school"
    FUEL = "fuel"
    RESTAURANT = "restaurant"
    MARKET = "market"
    HOME = "home"
    ATTRACTION = "attraction"


@dataclass(frozen=True, slots=True)
class CityPlace:
    """A named place within 60 m of a road; coordinates in degrees, WGS-84."""

    name: str
    kind: PlaceKind
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Node:
    node_id: int
    lat: float
    lon: float
    tags: Tags


@dataclass(frozen=True, slots=True)
class Way:
    way_id: int
    node_ids: tuple[int, ...]
    tags: Tags


@dataclass(frozen=True, slots=True)
class Relation:
    """A multipolygon or boundary; every member is an outer way."""

    relation_id: int
    way_ids: tuple[int, ...]
    tags: Tags


@dataclass(frozen=True, slots=True)
class City:
    """An invented city; the same seed makes the same city."""

    seed: int
    nodes: tuple[Node, ...]
    ways: tuple[Way, ...]
    relations: tuple[Relation, ...]
    places: tuple[CityPlace, ...]
    withheld_names: tuple[str, ...]
    """Names of objects that an import must not let through."""

    def places_of(self, kind: PlaceKind) -> tuple[CityPlace, ...]:
        """The places of one kind, in the order of their making."""
        return tuple(place for place in self.places if place.kind is kind)
