"""Rows of routes by a compiled search that touches no more of the graph than it reaches.

Buckets of lengths in place of a heap (Dial 1969; coarser than the shortest arc, so that a state may
be left twice: Denardo and Fox 1979, "Shortest-Route Methods 1", Operations Research 27).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from dispatch.roads.map_matching.route_rows import Rows
from dispatch.roads.network import Ints, RoadNetwork
from dispatch.roads.plane import Floats
from kit.compiling import compiler_of

Whole = NDArray[np.int32]

FAR = np.iinfo(np.int32).max
"""Decimetres to a state that isn't reached."""
NONE = -1
_SETTLED = -2

_BUCKET_BITS = 9
"""A bucket holds lengths of 51 m: wider ones are left twice more often, narrower ones are many."""
_STATE_BITS = 32
_AT_ONCE = 1 << 18

compiled = compiler_of(Path(__file__).parent, "map-matching")


class Arcs(NamedTuple):
    """The arcs of state s lead `to[start[s]:start[s + 1]]`, and `weight_dm` alike."""

    start: Whole
    to: Whole
    weight_dm: Whole


class Room(NamedTuple):
    """What a search writes into, by state; between searches all is FAR and all buckets are empty.

    reached: the states reached, in the order in which they were
    first: of each bucket the first state that waits in it; after, before: its neighbours there,
    NONE at the ends; `before` is _SETTLED of a state that has left its bucket
    """

    distance_dm: Whole
    reached: Whole
    first: Whole
    after: Whole
    before: Whole


class CompiledRows:
    """Searches from one edge after the other; the first use on a machine compiles."""

    def __init__(
        self, _network: RoadNetwork | None, graph: csr_array, *, at_once: int = _AT_ONCE
    ) -> None:
        """at_once: so many routes are found before they are handed on, one row in any case"""
        columns = graph.indptr, graph.indices, graph.data
        self._arcs = Arcs(*(column.astype(np.int32) for column in columns))
        self._states = states = graph.shape[0]
        self._found = np.empty(max(at_once, states), np.int64)
        self._room = Room(
            np.full(states, FAR, np.int32), *(np.empty(states, np.int32) for _ in range(4))
        )

    def rows(self, edges: Ints, bound_m: Floats) -> Iterator[Rows]:
        """All routes from each of these edges up to its bound, as many as the room holds."""
        bound_dm = np.floor(bound_m * 10).astype(np.int64)
        buckets = (int(bound_dm.max(initial=0)) >> _BUCKET_BITS) + 1
        room = self._room._replace(first=np.full(buckets, NONE, np.int32))
        while len(edges):
            ends = np.zeros(len(edges) + 1, np.int64)
            done = find_rows(self._arcs, room, edges, bound_dm, self._found, ends)
            yield self._told(edges[:done], ends[: done + 1])
            edges, bound_dm = edges[done:], bound_dm[done:]

    def _told(self, edges: Ints, ends: Ints) -> Rows:
        found = self._found[: ends[-1]]
        for begin, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
            found[begin:end].sort()
        return Rows(edges, np.diff(ends), found >> _STATE_BITS, found & FAR)


@compiled
def find_rows(arcs: Arcs, room: Room, roots: Ints, bound_dm: Ints, found: Ints, ends: Ints) -> int:
    """Write rows one after the other until `found` is full; return how many.

    An entry is a state, and its decimetres in the lower half; row n ends before `ends[n + 1]`.
    """
    distance_dm, reached = room.distance_dm, room.reached
    used = 0
    for n in range(len(roots)):
        count = _reach(arcs, room, roots[n], bound_dm[n])
        fits = used + count <= len(found)
        for place in range(count):
            state = reached[place]
            if fits:
                found[used + place] = (np.int64(state) << _STATE_BITS) | distance_dm[state]
            distance_dm[state] = FAR
        if not fits:
            return n
        used += count
        ends[n + 1] = used
    return len(roots)


@compiled
def _reach(arcs: Arcs, room: Room, root: int, bound_dm: int) -> int:
    """Set the distance of each state within the bound; return how many were reached."""
    distance_dm, reached, first = room.distance_dm, room.reached, room.first
    start, to, weight_dm = arcs.start, arcs.to, arcs.weight_dm
    distance_dm[root] = 0
    reached[0] = root
    _enter(room, root, 0)
    count, waiting, bucket = 1, 1, 0
    while waiting > 0:
        here = first[bucket]
        if here == NONE:
            bucket += 1
            continue
        _leave(room, here, bucket)
        waiting -= 1
        for arc in range(start[here], start[here + 1]):
            there = to[arc]
            length_dm, known_dm = distance_dm[here] + weight_dm[arc], distance_dm[there]
            if length_dm > bound_dm or length_dm >= known_dm:
                continue
            if known_dm == FAR:
                reached[count] = there
                count += 1
                waiting += 1
            elif room.before[there] == _SETTLED:
                waiting += 1
            else:
                _leave(room, there, known_dm >> _BUCKET_BITS)
            distance_dm[there] = length_dm
            _enter(room, there, length_dm >> _BUCKET_BITS)
    return count


@compiled
def _enter(room: Room, state: int, bucket: int) -> None:
    """Let a state wait in a bucket, before all others there."""
    following = room.first[bucket]
    room.first[bucket] = state
    room.before[state] = NONE
    room.after[state] = following
    if following != NONE:
        room.before[following] = state


@compiled
def _leave(room: Room, state: int, bucket: int) -> None:
    """Take a state out of the bucket in which it waits."""
    before, following = room.before[state], room.after[state]
    if before == NONE:
        room.first[bucket] = following
    else:
        room.after[before] = following
    if following != NONE:
        room.before[following] = before
    room.before[state] = _SETTLED
