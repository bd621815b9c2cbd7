"""Durations of many pairs at once, by the borders between the parts of a graph.

Every way from one part to another is a way to a border of its own part, one between two borders,
and one from there: the least sum of the three (overlays of a partition: Delling, Goldberg, Pajor,
Werneck 2017, "Customizable Route Planning in Road Networks", Transportation Science 51). The middle
is a table; of the ends a state keeps only the borders that it comes to first. So a pair costs a few
additions, of rows of numbers, where a search goes through thousands of turns for each source.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from dispatch.roads.network import Ints
from dispatch.roads.partition import Part, Partition
from dispatch.roads.plane import Floats

Durations = npt.NDArray[np.uint32]
Search = Callable[[Ints, Ints], Floats]
"""Milliseconds from each source to each target, infinity for no way."""

_NO_WAY = np.uint32(2**31 - 1)
"""Two of them still fit into 32 bits."""
_ROWS = 64
"""So many sources at a time: what is worked on stays in the processor's own memory."""


@dataclass(frozen=True, eq=False)
class Ends:
    """Of N states, one after the other: places of borders, and milliseconds to or from them.

    start: (N + 1,) where each state's begin
    """

    start: Ints
    border: Ints
    duration_ms: Durations

    def of(self, states: Ints) -> Ends:
        """Those of some states."""
        counts = self.start[states + 1] - self.start[states]
        start = np.concatenate([[0], np.cumsum(counts)])
        at = np.arange(start[-1]) + np.repeat(self.start[states] - start[:-1], counts)
        return Ends(start, self.border[at], self.duration_ms[at])

    def least(self, rows: Durations) -> Durations:
        """(N, columns) the least sum of a state's way to a border and that border's row."""
        counts = np.diff(self.start)
        order = np.argsort(-counts, kind="stable")
        counts, start = counts[order], self.start[:-1][order]
        found = np.full((len(order), rows.shape[1]), _NO_WAY)
        sums = np.empty_like(found)
        for nth in range(int(counts.max(initial=0))):
            some = int(np.searchsorted(-counts, -nth))
            at = start[:some] + nth
            # Without "clip" NumPy takes the rows twice, to see first that there are all.
            rows.take(self.border[at], axis=0, out=sums[:some], mode="clip")
            sums[:some] += self.duration_ms[at][:, None]
            np.minimum(found[:some], sums[:some], out=found[:some])
        least = np.empty_like(found)
        least[order] = found
        return least


class BorderTable:
    """Durations under one set of weights; answers from any thread."""

    def __init__(self, partition: Partition, weights_ms: Ints, search: Search) -> None:
        """search: tells of the same weights, from border to border and within parts."""
        self._partition, self._search = partition, search
        self._between = self._between_borders()
        self._leaving, self._coming = self._ends(weights_ms)

    def durations_ms(self, sources: Ints, targets: Ints) -> Floats:
        """(S, T) milliseconds from state to state; infinity where no way leads."""
        found = self._across(sources, targets)
        durations_ms = np.where(found >= _NO_WAY, np.inf, found.astype(np.float64))
        for rows, columns in self._partition.together(sources, targets):
            durations_ms[np.ix_(rows, columns)] = self._search(sources[rows], targets[columns])
        return durations_ms

    def _across(self, sources: Ints, targets: Ints) -> Durations:
        """The least durations of ways that lead through a border."""
        coming = self._coming.of(targets)
        needed, places = np.unique(coming.border, return_inverse=True)
        coming, between = replace(coming, border=places), self._between.take(needed, axis=1)
        found = np.empty((len(sources), len(targets)), dtype=np.uint32)
        for first in range(0, len(sources), _ROWS):
            some = slice(first, first + _ROWS)
            to_borders = self._leaving.of(sources[some]).least(between)
            found[some] = coming.least(np.ascontiguousarray(to_borders.T)).T
        return found

    def _between_borders(self) -> Durations:
        borders = self._partition.borders
        between = np.empty((len(borders), len(borders)), dtype=np.uint32)
        for first in range(0, len(borders), _ROWS):
            some = slice(first, first + _ROWS)
            between[some] = _whole(self._search(borders[some], borders))
        return between

    def _ends(self, weights_ms: Ints) -> tuple[Ends, Ends]:
        """The ways that leave each state for borders, and those that come from borders."""
        borders = self._partition.borders
        itself = borders, np.arange(len(borders)), np.zeros(len(borders), np.uint32)
        leaving, coming = [itself], [itself]
        for part in self._partition.parts:
            there, back = _within(part, weights_ms)
            between = self._between[np.ix_(part.borders, part.borders)]
            leaving.append(_first_met(part, back, between))
            coming.append(_first_met(part, there, np.ascontiguousarray(between.T)))
        count = len(self._partition.part)
        return _joined(leaving, count), _joined(coming, count)


def _within(part: Part, weights_ms: Ints) -> tuple[Durations, Durations]:
    """(inside, borders) milliseconds from borders to the states of a part, and from these back."""
    weights = weights_ms[part.arcs].astype(np.float64)
    shape = len(part.states), len(part.states)
    borders = np.arange(part.inside, len(part.states))
    there, back = (
        dijkstra(csr_array((weights, ends), shape=shape), indices=borders)[:, : part.inside]
        for ends in ((part.tails, part.heads), (part.heads, part.tails))
    )
    return _whole(there.T), _whole(back.T)


def _first_met(
    part: Part, duration_ms: Durations, between: Durations
) -> tuple[Ints, Ints, Durations]:
    """States, places of borders and milliseconds, without borders beyond another one.

    What is left out lies on a way through a nearer border, since no two are 0 ms apart.
    """
    past, sums = np.full_like(duration_ms, _NO_WAY), np.empty_like(duration_ms)
    for nth in range(len(part.borders)):
        onward = between[nth].copy()
        onward[nth] = _NO_WAY
        np.minimum(past, np.add(duration_ms[:, nth, None], onward, out=sums), out=past)
    state, nth_border = np.nonzero(duration_ms < past)
    kept = duration_ms[state, nth_border]
    return part.states[state], part.borders[nth_border], kept


def _joined(parts: list[tuple[Ints, Ints, Durations]], count: int) -> Ends:
    states, borders, durations_ms = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(states, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(states, minlength=count))])
    return Ends(start, borders[order].astype(np.int32), durations_ms[order])


def _whole(durations_ms: Floats) -> Durations:
    """Whole milliseconds in 32 bits."""
    return np.minimum(durations_ms, float(_NO_WAY)).astype(np.uint32, order="C")
