"""From chosen candidates to pieces: the edges between them, and where each position lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dispatch.roads.map_matching.positions import Positions
from dispatch.roads.map_matching.route_table import RouteTable
from dispatch.roads.map_matching.track import MatchedTrack, Piece
from dispatch.roads.network import Bools, Ints, RoadNetwork
from dispatch.roads.plane import Floats


@dataclass(frozen=True, eq=False)
class Chosen:
    """(P,) the candidate chosen for each position, and how it is reached from the one before.

    begins: whether a piece begins here
    """

    edge: Ints
    share: Floats
    distance_m: Floats
    confidence: Floats
    begins: Bools


def matched_tracks(
    network: RoadNetwork, table: RouteTable, positions: Positions, chosen: Chosen
) -> Iterator[tuple[int, MatchedTrack]]:
    """Each track among the positions, and what it became."""
    driven, counts = _driven(table, chosen)
    ends = np.cumsum(counts)
    first = np.flatnonzero(chosen.begins)
    last = np.append(first[1:], len(positions)) - 1
    pieces: dict[int, list[Piece]] = {int(track): [] for track in np.unique(positions.track)}
    for one, other in zip(first.tolist(), last.tolist(), strict=True):
        # One position alone was driven nowhere.
        if other > one:
            edges = driven[ends[one] - 1 : ends[other]]
            at = ends[one : other + 1] - ends[one]
            part = slice(one, other + 1)
            track = int(positions.track[one])
            pieces[track].append(_piece(network, edges, at, positions.place[part], chosen, part))
    return ((track, MatchedTrack(tuple(found))) for track, found in pieces.items())


def _driven(table: RouteTable, chosen: Chosen) -> tuple[Ints, Ints]:
    """The edges that each position adds to its piece, one position after the other."""
    moved = np.flatnonzero(~chosen.begins & (np.diff(chosen.edge, prepend=-1) != 0))
    which, edges = table.edges_after_first(chosen.edge[moved - 1], chosen.edge[moved])
    counts = np.zeros(len(chosen.edge), dtype=np.int64)
    np.add.at(counts, moved[which], 1)
    begins = np.flatnonzero(chosen.begins)
    counts[begins] = 1
    driven = np.empty(int(counts.sum()), dtype=np.int64)
    starts = np.cumsum(counts) - counts
    driven[starts[begins]] = chosen.edge[begins]
    added = np.ones(len(driven), dtype=np.bool_)
    added[starts[begins]] = False
    driven[added] = edges
    return driven, counts


def _piece(
    network: RoadNetwork, edges: Ints, at: Ints, place: Ints, chosen: Chosen, part: slice
) -> Piece:
    lengths = network.edge_length_m[edges]
    begin_m = (np.cumsum(lengths) - lengths)[at]
    # Who stands still seems to move to and fro: nobody drives backwards.
    along_m = np.maximum.accumulate(begin_m + chosen.share[part] * lengths[at])
    share = (along_m - begin_m) / np.maximum(lengths[at], 1e-9)
    return Piece(
        edges,
        float(share[0]),
        float(share[-1]),
        float(along_m[-1] - along_m[0]),
        place,
        at,
        share,
        along_m - along_m[0],
        chosen.distance_m[part],
        chosen.confidence[part],
    )
