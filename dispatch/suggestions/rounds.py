"""All on which a matched round of auto-dispatch rests, packed, and the round matched once more.

It is packed as a suggestion is (`packing`): needs, facts, positions and ways in columns. The same
code gives the same matching; what differs is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dispatch.eligibility.columns import Choices
from dispatch.eligibility.need import At, Need
from dispatch.matching.batch import match_batch
from dispatch.matching.kept_ways import RecordedWays, Ways
from dispatch.matching.problem import Matching, Priority, Waiting
from dispatch.matching.weights import Weights
from dispatch.suggestions.choices_told import choices_of, tell_choices
from dispatch.suggestions.coding import decode, encode
from dispatch.suggestions.numbers import pack_floats, pack_whole, unpack_floats, unpack_whole
from dispatch.suggestions.packing import BROKEN, Packed, packed, unpacked

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a round was asked, and by what it answered."""

    asked: Sequence[Waiting]
    choices: Choices
    at: At
    weights: Weights
    ways: Ways
    travel_times: str


def pack_round(weighed: Weighed) -> Packed:
    """Return what a round rests on as it is stored."""
    ways = weighed.ways
    return packed(
        {
            "format": _FORMAT,
            "asked": [encode(one) for one in weighed.asked],
            "vehicles": tell_choices(weighed.choices),
            "at": encode(weighed.at),
            "weights": encode(weighed.weights),
            "ways": {
                "starts": pack_whole(ways.starts),
                "requests": pack_whole(ways.requests),
                "seconds": pack_floats(ways.seconds),
                "metres": pack_floats(ways.metres),
            },
            "travel_times": weighed.travel_times,
        }
    )


def unpack_round(content: bytes, sha256: bytes) -> Weighed:
    """Return what a round rested on. Raises ValueError where it isn't what was stored."""
    return unpacked(content, sha256, _weighed)


def _weighed(told: Mapping[str, Any]) -> Weighed:
    if told["format"] != _FORMAT:
        raise ValueError("the record has another format")
    ways = told["ways"]
    return Weighed(
        asked=[
            Waiting(
                UUID(one["id"]),
                decode(Need, one["need"]),
                decode(datetime, one["asked_at"]),
                Priority(one["priority"]),
            )
            for one in told["asked"]
        ],
        choices=choices_of(told["vehicles"]),
        at=decode(At, told["at"]),
        weights=decode(Weights, told["weights"]),
        ways=Ways(
            unpack_whole(ways["starts"]),
            unpack_whole(ways["requests"]),
            unpack_floats(ways["seconds"]),
            unpack_floats(ways["metres"]),
        ),
        travel_times=str(told["travel_times"]),
    )


def replayed(content: bytes, sha256: bytes, kept: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    """Match a round once more; return what differs from what it kept of its requests.

    Raises ValueError where its record can't be read.
    """
    weighed = unpack_round(content, sha256)
    try:
        return differences(match_again(weighed), kept)
    except BROKEN as error:
        raise ValueError("the record can't be matched") from error


def match_again(weighed: Weighed) -> Matching:
    """Match what was kept once more."""
    ways = RecordedWays(weighed.ways, weighed.travel_times)
    return match_batch(weighed.asked, weighed.choices, weighed.at, ways, weighed.weights)


def differences(matching: Matching, kept: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return in sentences what differs from what a round kept of its requests."""
    now = {
        str(one.request): (one.vehicle_no, one.driver_no, one.cost.total_s)
        for one in matching.matches
    }
    found = []
    for one in kept:
        was = one["vehicle_no"], one["driver_no"], one["cost_s"]
        comes = now.get(one["request"], (None, None, None))
        if was != comes:
            found.append(f"request {one['request']}: {_text(was)} was kept, {_text(comes)} comes")
    return found


def _text(matched: tuple[int | None, int | None, int | None]) -> str:
    vehicle_no, driver_no, cost_s = matched
    if vehicle_no is None:
        return "nobody"
    return f"vehicle {vehicle_no} with driver {driver_no} at {cost_s} s"
