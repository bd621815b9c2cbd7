"""Slack induction by string removals: adjacent strings of neighbouring routes are taken out.

Christiaens and Vanden Berghe 2020, section 5.1, with its letters: a seed is drawn, and around it
each of k routes loses a string of at most l neighbouring stops that holds the stop near the seed;
or a split string, in which a few stops are spared. A stop takes its request's other stop along.
"""

from typing import NamedTuple

from dispatch.sharing.arrays import NONE, Bools, Ints, Routes
from dispatch.sharing.chance import Chance, below, uniform
from dispatch.sharing.compiled import compiled


class Strings(NamedTuple):
    """How much is taken out.

    mean: stops on the mean (c̄)
    longest: of a string (L max)
    split: how often a string is split (α)
    deeper: how often a split string spares one stop more (β)
    """

    mean: float = 10.0
    longest: float = 10.0
    split: float = 0.5
    deeper: float = 0.01


class Ruin(NamedTuple):
    """Room for what was ruined.

    near: by node, all stops from near to far
    movable: by request, whether it may be moved
    removed: requests that were taken out, `counts[0]` of them
    routes: routes that lost something, `counts[1]` of them
    is_ruined: by vehicle
    """

    near: Ints
    movable: Bools
    removed: Ints
    routes: Ints
    is_ruined: Bools
    counts: Ints


@compiled
def ruin(routes: Routes, ruined: Ruin, strings: Strings, chance: Chance) -> None:
    """Mark stops as taken out, by setting their vehicle to NONE; routes are not closed up yet."""
    n, used, stops = len(ruined.movable), 0, 0
    for v in range(len(routes.size)):
        ruined.is_ruined[v] = False
        if routes.size[v] > 2:
            used += 1
            stops += routes.size[v] - 2
    ruined.counts[:] = 0
    if used == 0:
        return
    l_s = min(strings.longest, stops / used)
    k_s = int(1.0 + uniform(chance) * (4.0 * strings.mean / (1.0 + l_s) - 1.0))
    seed = below(chance, 2 * n)
    for node in ruined.near[seed]:
        if ruined.counts[1] >= k_s:
            break
        v = routes.vehicle[node]
        if v == NONE or ruined.is_ruined[v]:
            continue
        ruined.is_ruined[v] = True
        ruined.routes[ruined.counts[1]] = v
        ruined.counts[1] += 1
        inner = routes.size[v] - 2
        length = int(1.0 + uniform(chance) * min(float(inner), l_s))
        spared = 0
        if length > 1 and length < inner and uniform(chance) < strings.split:
            spared = 1
            while length + spared < inner and uniform(chance) < strings.deeper:
                spared += 1
        _take_string(routes, ruined, v, routes.place[node], length, spared, chance)


@compiled
def _take_string(
    routes: Routes, ruined: Ruin, v: int, at: int, length: int, spared: int, chance: Chance
) -> None:
    """Take out a string around a position, but for some stops within it."""
    inner, whole = routes.size[v] - 2, length + spared
    first = max(1, at - whole + 1)
    last = min(at, inner - whole + 1)
    start = first + below(chance, last - first + 1)
    skip = start + below(chance, length + 1) if spared else start + whole
    for k in range(start, start + whole):
        if skip <= k < skip + spared:
            continue
        take(routes, ruined, routes.nodes[v, k])


@compiled
def take(routes: Routes, ruined: Ruin, node: int) -> None:
    """Take out the request of a stop, unless it is out already or may not be moved."""
    n = len(ruined.movable)
    request = node if node < n else node - n
    if not ruined.movable[request] or routes.vehicle[node] == NONE:
        return
    routes.vehicle[request] = NONE
    routes.vehicle[n + request] = NONE
    ruined.removed[ruined.counts[0]] = request
    ruined.counts[0] += 1
