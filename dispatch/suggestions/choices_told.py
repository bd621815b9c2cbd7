"""Vehicles and drivers as a record has them: in columns, each fact once for all that share it.

A fact is the list of its values, and the code of each vehicle's or driver's; numbers stand as their
bytes (`numbers`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dispatch.eligibility.choices import DriverChoice, VehicleChoice
from dispatch.eligibility.columns import UNSEEN, Choices, Coded, Fixes, Ints, coded, coded_numbers
from dispatch.eligibility.crews import CODED, INSTANTS, NUMBERS, Drivers, joined
from dispatch.suggestions.coding import decode, encode, hints_of
from dispatch.suggestions.numbers import pack_floats, pack_whole, unpack_floats, unpack_whole

Told = Mapping[str, Any]


def tell_choices(choices: Choices) -> Told:
    """Return vehicles with their drivers as JSON has them."""
    seen = np.flatnonzero(~np.isnan(choices.fixes.lat))
    facts = {name: _fact(name, column) for name, column in choices.facts.items()}
    return {
        "no": pack_whole(choices.nos),
        "facts": facts,
        "seen": pack_whole(seen),
        "lat": pack_floats(choices.fixes.lat[seen]),
        "lon": pack_floats(choices.fixes.lon[seen]),
        "time_us": pack_whole(choices.fixes.time_us[seen]),
    }


def choices_of(told: Told) -> Choices:
    """Return the vehicles that `tell_choices` has written. Raises what `packing.BROKEN` names."""
    nos = unpack_whole(told["no"])
    facts = {}
    for name, column in told["facts"].items():
        codes = np.zeros(len(nos), dtype=np.int64)
        if column["codes"] is not None:
            codes = unpack_whole(column["codes"])
        facts[name] = Coded(codes, _values(name, column["values"]))
    fixes = Fixes.nowhere(len(nos))
    lat, lon, time_us = fixes.lat.copy(), fixes.lon.copy(), fixes.time_us.copy()
    seen = unpack_whole(told["seen"])
    lat[seen], lon[seen] = unpack_floats(told["lat"]), unpack_floats(told["lon"])
    time_us[seen] = unpack_whole(told["time_us"])
    return Choices(nos, facts, Fixes(lat, lon, time_us))


def _fact(name: str, column: Coded) -> Told:
    values = _crews(column.values) if name == "drivers" else encode(list(column.values))
    return {
        "values": values,
        "codes": pack_whole(column.codes) if len(column.values) > 1 else None,
    }


def _values(name: str, told: Any) -> Sequence[Any]:
    if name == "drivers":
        return _crews_of(told)
    kind = hints_of(VehicleChoice)[name]
    return [decode(kind, value) for value in told]


def _crews(crews: Sequence[Sequence[DriverChoice]]) -> Told:
    """Return drivers in columns, and how many of them belong to each unit."""
    drivers = joined(crews)
    instants = {name: coded_numbers(column) for name, column in drivers.instants.items()}
    known = {
        name: column.of(lambda time_us: None if time_us == UNSEEN else time_us)
        for name, column in instants.items()
    }
    return {
        "counts": [len(crew) for crew in crews],
        **{name: pack_whole(column) for name, column in drivers.numbers.items()},
        **{name: _column(column) for name, column in {**known, **drivers.coded}.items()},
    }


def _column(column: Coded) -> Told:
    return {"values": encode(list(column.values)), "codes": pack_whole(column.codes)}


def _crews_of(told: Told) -> Sequence[Sequence[DriverChoice]]:
    hints, counts = hints_of(DriverChoice), [int(count) for count in told["counts"]]
    columns = {name: _listed(column) for name, column in told.items() if name != "counts"}
    lengths = {len(column) for column in columns.values()}
    if lengths != {sum(counts)} or min(counts, default=0) < 0 or columns.keys() - hints:
        raise ValueError("drivers are not told by facts of each")
    return Drivers(
        numbers={name: _whole(columns[name]) for name in NUMBERS if name in columns},
        instants={
            name: _whole([UNSEEN if one is None else one for one in columns[name]])
            for name in INSTANTS
            if name in columns
        },
        coded={name: _coded(hints[name], columns[name]) for name in CODED if name in columns},
    ).crews(counts)


def _listed(told: Any) -> list[Any]:
    """Return one fact of all drivers: numbers, each value once, or a list as format 1 had it."""
    if isinstance(told, str):
        return list(unpack_whole(told).tolist())
    if isinstance(told, list):
        return list(told)
    return list(Coded(unpack_whole(told["codes"]), told["values"]))


def _whole(listed: list[Any]) -> Ints:
    return np.array(listed, dtype=np.int64)


def _coded(kind: Any, listed: list[Any]) -> Coded:
    return coded(listed).of(lambda value: decode(kind, value))
