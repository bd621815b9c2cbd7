"""All on which a suggestion rests, and what came of it, in a few kilobytes.

Vehicles and drivers stand in columns (`choices_told`) and are known by number alone. What is kept
is packed (`packing`); the journal's entry of the suggestion holds its SHA-256 too. No chance is
used anywhere: there is no seed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dispatch.eligibility.columns import Choices
from dispatch.eligibility.judging import LeftOuts
from dispatch.eligibility.need import At, Need
from dispatch.eligibility.rules import VERSION
from dispatch.matching.ranking import RankingTerms
from dispatch.roads.network import LatLon
from dispatch.suggestions.choices_told import choices_of, tell_choices
from dispatch.suggestions.coding import decode, encode
from dispatch.suggestions.numbers import pack_whole, unpack_whole
from dispatch.suggestions.packing import OtherFormat, Packed, packed, unpacked
from dispatch.suggestions.version import source_digest
from dispatch.suggestions.weighing import Figures, Weighed

FORMAT = 2
"""1 had lists of numbers instead of their bytes; both are read."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One candidate as it was shown: vehicle and driver by number, figures and cost."""

    vehicle_no: int
    driver_no: int
    arrival_s: int
    empty_m: int
    total_s: int


@dataclass(frozen=True, slots=True)
class Record:
    """What a suggestion rested on, and what was shown.

    rules_version, rules_digest: of the rules and of the source of rules and ranking
    ways: seconds and metres from where vehicles set out; infinite without a way
    """

    need: Need
    at: At
    terms: RankingTerms
    choices: Choices
    ways: Mapping[LatLon, Figures]
    rules_version: int
    rules_digest: str
    travel_times: str
    map_version: str | None
    speeds_version: int | None
    positions: str
    candidates: Sequence[Placed]
    left_out: LeftOuts


def pack(weighed: Weighed) -> Packed:
    """Return what was weighed as it is stored."""
    left_out = weighed.ranking.left_out
    return packed(
        {
            "format": FORMAT,
            "need": encode(weighed.need),
            "at": encode(weighed.at),
            "terms": encode(weighed.terms),
            "vehicles": tell_choices(weighed.choices),
            "ways": [
                [*point, *(part if np.isfinite(part) else None for part in figures)]
                for point, figures in weighed.ways.items()
            ],
            "rules_version": VERSION,
            "rules_digest": source_digest(),
            "seed": None,
            "travel_times": weighed.travel_label.value,
            "map_version": weighed.map_version,
            "speeds_version": weighed.speeds_version,
            "positions": weighed.positions.value,
            "candidates": [
                [c.vehicle.no, c.driver.no, c.arrival_s, c.empty_m, c.cost.total_s]
                for c in weighed.ranking.candidates
            ],
            "left_out": {
                "vehicle_no": pack_whole(left_out.vehicle_nos),
                "of": pack_whole(left_out.of),
                "told": [list(one) for one in left_out.told],
            },
        }
    )


def unpack(content: bytes, sha256: bytes) -> Record:
    """Return a stored record. Raises ValueError where it isn't what was stored."""
    return unpacked(content, sha256, _record)


def _record(told: Mapping[str, Any]) -> Record:
    if (found := told.get("format", FORMAT)) not in range(1, FORMAT + 1):
        raise OtherFormat(f"the record has format {found!r}, which this version can't read")
    return Record(
        need=decode(Need, told["need"]),
        at=decode(At, told["at"]),
        terms=decode(RankingTerms, told["terms"]),
        choices=choices_of(told["vehicles"]),
        ways={
            (lat, lon): (_or_infinite(seconds), _or_infinite(metres))
            for lat, lon, seconds, metres in told["ways"]
        },
        rules_version=int(told["rules_version"]),
        rules_digest=str(told["rules_digest"]),
        travel_times=str(told["travel_times"]),
        map_version=told["map_version"],
        speeds_version=told["speeds_version"],
        positions=told["positions"],
        candidates=[Placed(*map(int, one)) for one in told["candidates"]],
        left_out=_left_outs(told["left_out"]),
    )


def _left_outs(told: Mapping[str, Any]) -> LeftOuts:
    nos, of = unpack_whole(told["vehicle_no"]), unpack_whole(told["of"])
    said = tuple((str(rule), str(sentence)) for rule, sentence in told["told"])
    if len(nos) != len(of) or of.max(initial=-1) >= len(said) or of.min(initial=0) < 0:
        raise ValueError("not every vehicle left out has a rule")
    return LeftOuts(nos, of, said)


def _or_infinite(figure: float | None) -> float:
    return float("inf") if figure is None else figure
