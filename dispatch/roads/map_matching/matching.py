"""Map matching by a hidden Markov model on permitted turns.

P. Newson, J. Krumm: "Hidden Markov Map Matching Through Noise and Sparseness", ACM SIGSPATIAL GIS
2009. Positions are measurements, streets beside them states: a state is likely if the position lies
near it (equation 1), a step if the route between two states is about as long as the great circle
between the positions (equation 2); Viterbi finds the likeliest sequence. Steps below are numbered
as in its section 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dispatch.roads.map_matching.candidates import Candidates, emission, find_candidates
from dispatch.roads.map_matching.model import Model
from dispatch.roads.map_matching.pieces import Chosen, matched_tracks
from dispatch.roads.map_matching.positions import Positions, gather
from dispatch.roads.map_matching.route_rows import SearchOn, compiled_rows
from dispatch.roads.map_matching.route_table import MOST_ENTRIES, RouteTable
from dispatch.roads.map_matching.track import MatchedTrack, Track
from dispatch.roads.map_matching.transitions import find_transitions
from dispatch.roads.map_matching.viterbi import likeliest, probability
from dispatch.roads.network import Ints, RoadNetwork
from dispatch.roads.plane import Floats

BATCH_POSITIONS = 4096
"""Tracks are matched together up to so many positions: memory stays bounded, arrays stay long."""


class MapMatcher:
    """Matches tracks on one network, and keeps the routes it has found; for one thread at a time.

    A track gets the same answer in whatever company and order it is asked.
    """

    def __init__(
        self,
        network: RoadNetwork,
        model: Model | None = None,
        *,
        most_entries: int = MOST_ENTRIES,
        search_on: SearchOn = compiled_rows,
    ) -> None:
        """What it keeps, and how it searches; answers are the same in any case.

        most_entries: how many routes are kept before all are forgotten, 8 bytes each
        """
        self._network = network
        self._model = model or Model()
        self._table = RouteTable(network, most_entries, search_on)

    def match(self, track: Track) -> MatchedTrack:
        """The roads of one track."""
        return self.match_all([track])[0]

    def match_all(self, tracks: Sequence[Track]) -> list[MatchedTrack]:
        """The roads of each track, in the same order; many short ones are faster together."""
        return [matched for batch in _batches(tracks) for matched in self._match(batch)]

    def _match(self, tracks: Sequence[Track]) -> list[MatchedTrack]:
        matched = [MatchedTrack(())] * len(tracks)
        positions = gather(tracks, self._model)
        candidates = find_candidates(self._network, self._model, positions.lat, positions.lon)
        likely = emission(self._network, self._model, candidates, positions.course_deg)
        # A position beside every road breaks nothing: the route leads on past it.
        kept = np.flatnonzero(candidates.known.any(axis=1))
        for rounds_left in range(self._model.heal_rounds, -1, -1):
            asked = positions.take(kept)
            if len(asked) == 0:
                break
            chosen = self._likeliest(asked, candidates.of(kept), likely[kept])
            outliers = self._beside_breaks(asked, chosen) if rounds_left else kept[:0]
            healing = np.isin(asked.track, asked.track[outliers])
            for track, found in matched_tracks(self._network, self._table, asked, chosen):
                matched[track] = found
            healing[outliers] = False
            kept = kept[healing]
        return matched

    def _likeliest(self, positions: Positions, found: Candidates, likely: Floats) -> Chosen:
        joined = positions.follows & (positions.waited_s <= self._model.longest_gap_s)
        steps = find_transitions(self._network, self._table, self._model, found, positions, joined)
        first, counts = positions.bounds
        best, begins = likeliest(likely, steps, first, counts)
        confidence = probability(likely, steps, best, begins, first, counts)
        row = np.arange(len(positions))
        return Chosen(
            found.edge[row, best],
            found.share[row, best],
            found.distance_m[row, best],
            confidence,
            begins,
        )

    def _beside_breaks(self, positions: Positions, chosen: Chosen) -> Ints:
        """Positions that stand between pieces which may join without them.

        Those on both sides of a break; one that is broken off on both its sides, alone. Pieces
        farther apart than the longest gap stay apart.
        """
        apart = chosen.begins & positions.follows
        after = np.flatnonzero(apart)
        alone = apart[after] & np.append(apart, True)[after + 1]
        before = np.where(alone, after, after - 1)
        # The second break beside a lone position is its own: nothing more is left out there.
        wanted = ~apart[after - 1]
        before, after = before[wanted], after[wanted]
        last = len(positions) - 1
        inside = (before > 0) & (after < last)
        before, after = before[inside], after[inside]
        same = positions.track[before - 1] == positions.track[after + 1]
        near = positions.time_s[after + 1] - positions.time_s[before - 1]
        heals = same & (near <= self._model.longest_gap_s)
        return np.union1d(before[heals], after[heals])


def _batches(tracks: Sequence[Track]) -> Iterator[Sequence[Track]]:
    batch: list[Track] = []
    positions = 0
    for track in tracks:
        if batch and positions + len(track) > BATCH_POSITIONS:
            yield batch
            batch, positions = [], 0
        batch.append(track)
        positions += len(track)
    if batch:
        yield batch
