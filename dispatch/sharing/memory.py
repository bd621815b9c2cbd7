"""What was found out about a request and a route is remembered, whenever that route comes again.

A search at low temperature undoes nearly all its steps, and takes out the same strings of the same
routes again and again. Routes are known by a number that their stops give (as positions of chess
are, Zobrist 1970); a table of fixed size keeps the last answer for each of its slots.
"""

from typing import NamedTuple

import numpy as np

from dispatch.sharing.arrays import NONE, Floats, Ints
from dispatch.sharing.compiled import compiled


class Known(NamedTuple):
    """By request and vehicle, what the request adds to the route that has this likeness.

    Behind positions i and j; where i is NONE, any place adds at least `added`.
    """

    likeness: Ints
    added: Floats
    i: Ints
    j: Ints


class Memory(NamedTuple):
    """By slot, the key of a request and a route, and the same three as in `Known`."""

    key: Ints
    added: Floats
    i: Ints
    j: Ints


def memory_of(requests: int, vehicles: int) -> Memory:
    """Return a memory without anything in it; it takes room as it is filled."""
    slots = 1 << min(20, max(12, 10 + (requests * vehicles).bit_length()))
    return Memory(
        np.full(slots, NONE),
        np.zeros(slots),
        np.zeros(slots, dtype=np.int64),
        np.zeros(slots, dtype=np.int64),
    )


@compiled
def likeness(kind: int, nodes: Ints, size: int) -> int:
    """Return the number of a route; two that differ have the same once in 2^63 pairs."""
    x = np.uint64(kind + 1) * np.uint64(0x9E3779B97F4A7C15)
    for k in range(1, size - 1):
        x = (x ^ np.uint64(nodes[k] + 1)) * np.uint64(0xD6E8FEB86659FD93)
        x ^= x >> np.uint64(32)
    return int(x >> np.uint64(1))


@compiled
def recall(memory: Memory, known: Known, request: int, v: int, route: int) -> None:
    """Make known what is remembered of a request and the route of this likeness, if anything."""
    key = _key(request, route)
    slot = key & (len(memory.key) - 1)
    known.likeness[request, v] = route
    if memory.key[slot] == key:
        known.added[request, v] = memory.added[slot]
        known.i[request, v], known.j[request, v] = memory.i[slot], memory.j[slot]
    else:
        known.added[request, v], known.i[request, v] = 0.0, NONE


@compiled
def remember(memory: Memory, known: Known, request: int, v: int) -> None:
    """Remember what is known of a request and a route."""
    key = _key(request, known.likeness[request, v])
    slot = key & (len(memory.key) - 1)
    memory.key[slot], memory.added[slot] = key, known.added[request, v]
    memory.i[slot], memory.j[slot] = known.i[request, v], known.j[request, v]


@compiled
def _key(request: int, route: int) -> int:
    x = np.uint64(route) ^ (np.uint64(request + 1) * np.uint64(0x9E3779B97F4A7C15))
    x *= np.uint64(0xD6E8FEB86659FD93)
    x ^= x >> np.uint64(29)
    return int(x >> np.uint64(1))
