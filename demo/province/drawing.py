"""The province as a whole, drawn from a seed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from random import Random

from demo.province.ids import Ids
from demo.province.model import Province, Shape
from demo.province.organisations import draw_organisations
from demo.province.people import draw_people
from demo.province.vehicles import draw_terminals, draw_vehicles


def draw(seed: int = 1, shape: Shape | None = None) -> Province:
    """Return the province of this seed and shape; the same whenever and wherever it is drawn."""
    size = shape or Shape()
    random = Random(seed)
    ids = Ids(random)
    regions, organisations = draw_organisations(random, ids, size)
    vehicles = draw_vehicles(random, ids, size, organisations)
    province = Province(
        regions=regions,
        organisations=organisations,
        vehicles=vehicles,
        terminals=draw_terminals(random, ids, size, vehicles),
        people=draw_people(random, ids, size, organisations),
    )
    return replace(province, digest=_digest(province))


def _digest(province: Province) -> str:
    """Return the SHA-256 of everything, one line each."""
    digest = hashlib.sha256()
    for part in (
        province.regions,
        province.organisations,
        province.vehicles,
        province.terminals,
        province.people,
    ):
        for one in part:
            digest.update(f"{one!r}\n".encode())
    return digest.hexdigest()
