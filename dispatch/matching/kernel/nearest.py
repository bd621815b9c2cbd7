"""The nearest vehicles of each request on each of its shelves.

The vehicles of a shelf stand in a block, ordered from west to east. From the request's own place a
search goes both ways, and ends where a vehicle that lies that far east or west could be no nearer
than the farthest of those found.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dispatch.matching.kernel.compiled import compiled
from dispatch.matching.kernel.heap import push_greatest, sink_greatest
from dispatch.matching.pair_table import in_order
from dispatch.matching.problem import Bools, Floats, Ints

NONE = -1


class Blocks(NamedTuple):
    """Places by block, and within it from west to east: those of block b are starts[b] on.

    points: (P, 2) metres east and north, in the same order as `places`
    """

    starts: Ints
    places: Ints
    points: Floats


class Vehicles(NamedTuple):
    """Their units; and which may serve a group, (2, G, V): others' requests, their own unit's."""

    unit: Ints
    may: Bools


class Asking(NamedTuple):
    """Requests: where (metres), their unit and group, and how many vehicles of each shelf.

    blocks: (S, O) of each shelf for each request, or NONE; is_own: (S,) whether it holds vehicles
        of the request's unit, or those of others
    """

    origins: Floats
    units: Ints
    groups: Ints
    length: Ints
    blocks: Ints
    is_own: Ints


class Listed(NamedTuple):
    """The lists, one entry a pair: by request, then shelf, nearest first."""

    requests: Ints
    vehicles: Ints
    shelves: Ints


class Found(NamedTuple):
    """The nearest so far, the farthest of them first: squares of metres, and vehicles."""

    far: Floats
    vehicles: Ints


def blocks_of(numbers: Sequence[Ints], places: Ints, points: Floats, count: int) -> Blocks:
    """Return places by block, each in as many as there are `numbers` of it, below `count`."""
    known = np.flatnonzero(np.isfinite(points[:, 0]))
    by_east = known[np.argsort(points[known, 0])]
    all_numbers = np.concatenate([block[by_east] for block in numbers])
    order = np.tile(by_east, len(numbers))[in_order(all_numbers)]
    starts = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(all_numbers, minlength=count), out=starts[1:])
    return Blocks(starts, places[order], points[order])


def nearest(asking: Asking, blocks: Blocks, vehicles: Vehicles) -> Listed:
    """Return for each request the nearest of each of its shelves that may serve it.

    So many are looked for among all on a shelf; where it is for vehicles of other units, those of
    its own are left out of what was found.
    """
    sizes = np.append(np.diff(blocks.starts), 0)  # that of no block is the last
    most = np.minimum(sizes[asking.blocks], asking.length)
    listed = Listed(*(np.empty(int(most.sum()), dtype=np.int64) for _ in range(3)))
    longest = int(most.max(initial=0))
    found = Found(np.empty(longest), np.empty(longest, dtype=np.int64))
    count = list_all(asking, blocks, vehicles, found, listed)
    return Listed(*(part[:count] for part in listed))


@compiled
def list_all(
    asking: Asking, blocks: Blocks, vehicles: Vehicles, found: Found, listed: Listed
) -> int:
    """Fill in all lists; return how many pairs there are."""
    count = 0
    for request in range(len(asking.units)):
        for shelf in range(len(asking.is_own)):
            if asking.blocks[shelf, request] == NONE:
                continue
            size = search(asking, blocks, vehicles, request, shelf, found)
            put_in_order(found, size)
            for at in range(size):
                vehicle = found.vehicles[at]
                is_own = vehicles.unit[vehicle] == asking.units[request]
                if is_own == (asking.is_own[shelf] == 1):
                    listed.requests[count] = request
                    listed.vehicles[count] = vehicle
                    listed.shelves[count] = shelf
                    count += 1
    return count


@compiled
def search(
    asking: Asking, blocks: Blocks, vehicles: Vehicles, request: int, shelf: int, found: Found
) -> int:
    """Find the nearest of a shelf; return how many they are."""
    block, length = asking.blocks[shelf, request], asking.length[request]
    group, own = asking.groups[request], asking.is_own[shelf]
    x, y = asking.origins[request, 0], asking.origins[request, 1]
    first, last, size = blocks.starts[block], blocks.starts[block + 1], 0
    east = place_from(blocks.points, first, last, x)
    west = east - 1
    while west >= first or east < last:
        is_west = east == last or (
            west >= first and x - blocks.points[west, 0] < blocks.points[east, 0] - x
        )
        at = west if is_west else east
        across, along = blocks.points[at, 0] - x, blocks.points[at, 1] - y
        if size == length and across * across > found.far[0]:
            break
        west, east = (west - 1, east) if is_west else (west, east + 1)
        vehicle = blocks.places[at]
        if not vehicles.may[own, group, vehicle]:
            continue
        far = across * across + along * along
        if size < length:
            size = push_greatest(found.far, found.vehicles, size, far, vehicle)
        elif far < found.far[0] or (far == found.far[0] and vehicle < found.vehicles[0]):
            sink_greatest(found.far, found.vehicles, size, far, vehicle)
    return size


@compiled
def place_from(points: Floats, first: int, last: int, x: float) -> int:
    """Return the first place of a block that doesn't lie west of x."""
    while first < last:
        middle = (first + last) >> 1
        if points[middle, 0] < x:
            first = middle + 1
        else:
            last = middle
    return first


@compiled
def put_in_order(found: Found, size: int) -> None:
    """Turn the farthest first into the nearest first."""
    for left in range(size - 1, 0, -1):
        far, vehicle = found.far[0], found.vehicles[0]
        sink_greatest(found.far, found.vehicles, left, found.far[left], found.vehicles[left])
        found.far[left], found.vehicles[left] = far, vehicle
