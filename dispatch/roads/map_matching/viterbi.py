"""The likeliest sequence of candidates, of many tracks at once, in logarithms.

Points of all tracks stand one after the other: `first[k]` is the first point of track k, and its
points are contiguous. Each point has K places for candidates; those without one have -inf.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dispatch.roads.network import Bools, Ints
from dispatch.roads.plane import Floats

NONE = -1


def _steps(first: Ints, counts: Ints) -> Iterator[Ints]:
    """The second points of all tracks, then the third ones, and so on."""
    order = np.argsort(-counts, kind="stable")
    first, counts = first[order], counts[order]
    for step in range(1, int(counts.max(initial=0))):
        yield first[: int(np.searchsorted(-counts, -step))] + step


def likeliest(
    emission: Floats, transition: Floats, first: Ints, counts: Ints
) -> tuple[Ints, Bools]:
    """The likeliest candidate of each point, and which points begin anew after a break.

    emission: (P, K); transition: (P, K, K) from each candidate of the point before to each of its
    own, whatever for the first points of tracks. Of equally likely candidates the first is taken.
    """
    score = emission.copy()
    came_from = np.full(emission.shape, NONE, dtype=np.int64)
    begins = np.zeros(len(emission), dtype=np.bool_)
    begins[first] = True
    for here in _steps(first, counts):
        ways = score[here - 1][:, :, None] + transition[here]
        best = ways.argmax(axis=1)
        reached = np.take_along_axis(ways, best[:, None, :], axis=1)[:, 0] + emission[here]
        broken: Bools = np.logical_not(np.isfinite(reached).any(axis=1))
        begins[here] = broken
        score[here] = np.where(broken[:, None], emission[here], reached)
        came_from[here] = np.where(broken[:, None], NONE, best)
    return _backwards(score, came_from, begins, first, counts), begins


def _backwards(score: Floats, came_from: Ints, begins: Bools, first: Ints, counts: Ints) -> Ints:
    chosen: Ints = score.argmax(axis=1)
    for here in reversed(list(_steps(first, counts))):
        joined = here[~begins[here]]
        chosen[joined - 1] = came_from[joined, chosen[joined]]
    return chosen


def probability(
    emission: Floats, transition: Floats, chosen: Ints, begins: Bools, first: Ints, counts: Ints
) -> Floats:
    """(P,) how probable the chosen candidate is, given all positions of its track.

    Forward and backward (Rabiner 1989, "A Tutorial on Hidden Markov Models", section III), each
    step scaled by its greatest term. Pieces between breaks know nothing of one another.
    """
    weight = _scaled(emission)
    passing = _scaled(transition.reshape(len(transition), -1)).reshape(transition.shape)
    ahead, behind = weight.copy(), np.ones_like(weight)
    steps = list(_steps(first, counts))
    for here in steps:
        reached = np.einsum("pi,pij->pj", ahead[here - 1], passing[here]) * weight[here]
        ahead[here] = np.where(begins[here][:, None], weight[here], _normal(reached))
    for here in reversed(steps):
        joined = here[~begins[here]]
        told = weight[joined] * behind[joined]
        behind[joined - 1] = _normal(np.einsum("pij,pj->pi", passing[joined], told))
    both = ahead * behind
    share = both[np.arange(len(both)), chosen]
    total = both.sum(axis=1)
    probable: Floats = np.divide(share, total, out=np.zeros_like(total), where=total > 0)
    return probable


def _scaled(emission: Floats) -> Floats:
    most = emission.max(axis=1, keepdims=True, initial=-np.inf)
    scaled: Floats = np.exp(emission - np.where(np.isfinite(most), most, 0.0))
    return scaled


def _normal(values: Floats) -> Floats:
    most = values.max(axis=1, keepdims=True, initial=0.0)
    normal: Floats = np.divide(values, most, out=np.zeros_like(values), where=most > 0)
    return normal
