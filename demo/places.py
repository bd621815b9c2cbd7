"""The places of the demo's city, remembered beside the demo's state."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from demo import cast
from demo.city import CityPlace, PlaceKind, generate

_FILE = "places.json"


@dataclass(frozen=True, slots=True)
class Places:
    """All places that the demo drives to, in the order of their making."""

    places: tuple[CityPlace, ...]

    def places_of(self, kind: PlaceKind) -> tuple[CityPlace, ...]:
        """The places of one kind."""
        return tuple(place for place in self.places if place.kind is kind)


def load_places(state_dir: Path) -> Places:
    """Return the places of the demo's city, made anew where they aren't remembered."""
    path = state_dir / _FILE
    if path.exists():
        rows = json.loads(path.read_text(encoding="utf-8"))
        return Places(
            tuple(CityPlace(r["name"], PlaceKind(r["kind"]), r["lat"], r["lon"]) for r in rows)
        )
    places = Places(generate(cast.CITY_SEED).places)
    save_places(places.places, state_dir)
    return places


def save_places(places: tuple[CityPlace, ...], state_dir: Path) -> None:
    """Remember the places of the demo's city."""
    state_dir.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(place) for place in places], ensure_ascii=False, indent=1)
    (state_dir / _FILE).write_text(text, encoding="utf-8")
