"""Ranks once more what a suggestion rested on, and says whether the same comes of it.

Pure: facts, positions and travel times are those that were recorded. The same code gives the same
ranking; another version of the rules may not, and then what differs is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.eligibility.rules import VERSION
from dispatch.matching.ranking import Ranking, rank
from dispatch.roads.network import LatLon
from dispatch.suggestions.record import Placed, Record
from dispatch.suggestions.version import source_digest

_NO_WAY = (float("inf"), float("inf"))


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of a record when it was ranked again.

    differences: sentences, none where the ranking is the same
    same_rules: whether the version of the rules is that of the record
    same_source: whether the source of rules and ranking is
    """

    ranking: Ranking
    differences: tuple[str, ...]
    same_rules: bool
    same_source: bool

    @property
    def is_same(self) -> bool:
        """Whether the same vehicles stand in the same places, and the same are left out."""
        return not self.differences


class _Recorded:
    """The travel times of a record."""

    def __init__(self, record: Record) -> None:
        self._record = record

    @property
    def label(self) -> str:
        return self._record.travel_times

    def matrix(
        self,
        origins: Sequence[LatLon],
        destinations: Sequence[LatLon],  # noqa: ARG002 (there is but one)
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        figures = [self._record.ways.get(origin, _NO_WAY) for origin in origins]
        array = np.array(figures, dtype=np.float64).reshape(-1, 2)
        return array[:, :1], array[:, 1:]


def replay(record: Record) -> Replay:
    """Rank what was recorded again, and compare it with what was shown."""
    # One vehicle's object is made anew: nothing is left of the first ranking.
    choices = record.choices.seen(record.choices.fixes)
    ranking = rank(choices, record.need, record.at, _Recorded(record), record.terms)
    return Replay(
        ranking=ranking,
        differences=tuple(_differences(record, ranking)),
        same_rules=record.rules_version == VERSION,
        same_source=record.rules_digest == source_digest(),
    )


def _differences(record: Record, ranking: Ranking) -> list[str]:
    found = []
    now = [
        Placed(c.vehicle.no, c.driver.no, c.arrival_s, c.empty_m, c.cost.total_s)
        for c in ranking.candidates
    ]
    for place in range(max(len(now), len(record.candidates))):
        was = record.candidates[place] if place < len(record.candidates) else None
        is_now = now[place] if place < len(now) else None
        if was != is_now:
            found.append(f"rank {place + 1}: {_text(was)} was shown, {_text(is_now)} comes now")
    were = {one.vehicle_no: one for one in record.left_out}
    for one in ranking.left_out:
        was_left = were.pop(one.vehicle_no, None)
        if was_left is None:
            found.append(f"vehicle {one.vehicle_no} was a candidate, and is left out now")
        elif (was_left.rule, was_left.sentence) != (one.rule, one.sentence):
            found.append(
                f"vehicle {one.vehicle_no} was left out by {was_left.rule}, now by {one.rule}"
            )
    found += [f"vehicle {no} was left out, and is a candidate now" for no in were]
    return found


def _text(placed: Placed | None) -> str:
    if placed is None:
        return "nobody"
    return f"vehicle {placed.vehicle_no} with driver {placed.driver_no} at {placed.total_s} s"
