"""All on which a suggestion rests, and what came of it, in a few kilobytes.

Facts and positions stand in columns, each fact once for all vehicles that share it, and numbers as
their bytes (`numbers`); the JSON's keys are sorted and nothing is between its tokens, so that one
value has one text. What is kept is that
text, compressed, and its SHA-256, which the journal's entry of the suggestion holds too. Vehicles
and drivers are known by number alone. No chance is used anywhere: there is no seed.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np

from dispatch.eligibility.choices import DriverChoice, VehicleChoice
from dispatch.eligibility.columns import Choices, Coded, Fixes, coded
from dispatch.eligibility.judging import LeftOuts
from dispatch.eligibility.need import At, Need
from dispatch.eligibility.rules import VERSION
from dispatch.matching.ranking import RankingTerms
from dispatch.roads.network import LatLon
from dispatch.suggestions.coding import decode, encode, hints_of
from dispatch.suggestions.numbers import pack_floats, pack_whole, unpack_floats, unpack_whole
from dispatch.suggestions.version import source_digest
from dispatch.suggestions.weighing import Figures, Weighed

FORMAT = 2
"""1 had lists of numbers instead of their bytes; both are read."""
BROKEN = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError)
"""What is raised by reading or ranking a record that says nonsense."""
_DRIVER = tuple(hints_of(DriverChoice))
_driver = attrgetter(*_DRIVER)
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
)


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


@dataclass(frozen=True, slots=True)
class Packed:
    """A record as it is stored."""

    content: bytes
    sha256: bytes


def pack(weighed: Weighed) -> Packed:
    """Return what was weighed as it is stored."""
    left_out = weighed.ranking.left_out
    text = _ENCODER.encode(
        {
            "format": FORMAT,
            "need": encode(weighed.need),
            "at": encode(weighed.at),
            "terms": encode(weighed.terms),
            "vehicles": _vehicles(weighed.choices),
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
    ).encode()
    return Packed(zlib.compress(text, 1), hashlib.sha256(text).digest())


def unpack(content: bytes, sha256: bytes) -> Record:
    """Return a stored record. Raises ValueError where it isn't what was stored."""
    try:
        text = zlib.decompress(content)
    except zlib.error as error:
        raise ValueError("the record can't be read") from error
    if hashlib.sha256(text).digest() != sha256:
        raise ValueError("the record isn't what was stored: its SHA-256 differs")
    try:
        told = json.loads(text)
        if (found := told.get("format", FORMAT)) not in range(1, FORMAT + 1):
            raise _OtherFormat(f"the record has format {found!r}, which this version can't read")
        return _record(told)
    except _OtherFormat:
        raise
    except BROKEN as error:
        raise ValueError("the record can't be read") from error


class _OtherFormat(ValueError):
    """The record is of another version."""


def _record(told: Mapping[str, Any]) -> Record:
    return Record(
        need=decode(Need, told["need"]),
        at=decode(At, told["at"]),
        terms=decode(RankingTerms, told["terms"]),
        choices=_choices(told["vehicles"]),
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


def _vehicles(choices: Choices) -> dict[str, Any]:
    seen = np.flatnonzero(~np.isnan(choices.fixes.lat))
    told = {
        name: {
            "values": _drivers(column.values) if name == "drivers" else encode(list(column.values)),
            "codes": pack_whole(column.codes) if len(column.values) > 1 else None,
        }
        for name, column in choices.facts.items()
    }
    return {
        "no": pack_whole(choices.nos),
        "facts": told,
        "seen": pack_whole(seen),
        "lat": pack_floats(choices.fixes.lat[seen]),
        "lon": pack_floats(choices.fixes.lon[seen]),
        "time_us": pack_whole(choices.fixes.time_us[seen]),
    }


def _drivers(crews: Sequence[Sequence[DriverChoice]]) -> dict[str, Any]:
    """Return drivers in columns, and how many of them belong to each unit."""
    rows = [_driver(driver) for crew in crews for driver in crew]
    columns = zip(*rows, strict=True) if rows else ((),) * len(_DRIVER)
    told = {name: _column(column) for name, column in zip(_DRIVER, columns, strict=True)}
    return {"counts": [len(crew) for crew in crews], **told}


def _column(values: Sequence[Any]) -> Any:
    """Return one fact of all drivers: numbers as such, else each value once."""
    if set(map(type, values)) == {int}:
        return pack_whole(np.array(values, dtype=np.int64))
    column = coded(values)
    return {"values": encode(column.values), "codes": pack_whole(column.codes)}


def _choices(told: Mapping[str, Any]) -> Choices:
    hints, nos = hints_of(VehicleChoice), unpack_whole(told["no"])
    n = len(nos)
    facts = {}
    for name, column in told["facts"].items():
        codes = np.zeros(n, dtype=np.int64)
        if column["codes"] is not None:
            codes = unpack_whole(column["codes"])
        values = column["values"]
        facts[name] = Coded(
            codes,
            _crews(values)
            if name == "drivers"
            else [decode(hints[name], value) for value in values],
        )
    fixes = Fixes.nowhere(n)
    lat, lon, time_us = fixes.lat.copy(), fixes.lon.copy(), fixes.time_us.copy()
    seen = unpack_whole(told["seen"])
    lat[seen], lon[seen] = unpack_floats(told["lat"]), unpack_floats(told["lon"])
    time_us[seen] = unpack_whole(told["time_us"])
    return Choices(nos, facts, Fixes(lat, lon, time_us))


def _crews(told: Mapping[str, Any]) -> list[Sequence[DriverChoice]]:
    hints = hints_of(DriverChoice)
    columns = {name: _values(hints[name], told[name]) for name in _DRIVER}
    everyone = iter(
        DriverChoice(**dict(zip(columns, row, strict=True)))
        for row in zip(*columns.values(), strict=True)
    )
    return [tuple(next(everyone) for _ in range(count)) for count in told["counts"]]


def _values(kind: Any, told: Any) -> list[Any]:
    """Return one fact of all drivers as `_column` has it, or a list as the first format had."""
    if isinstance(told, str):
        return list(unpack_whole(told).tolist())
    if isinstance(told, list):
        return [decode(kind, one) for one in told]
    values: list[Any] = [decode(kind, one) for one in told["values"]]
    return [values[code] for code in unpack_whole(told["codes"]).tolist()]


def _or_infinite(figure: float | None) -> float:
    return float("inf") if figure is None else figure
