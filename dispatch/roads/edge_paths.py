"""Fastest ways from the start of one edge to the start of another, by permitted turns only.

How long they are in metres, of many pairs at once: with T the duration and L the length of a way,
f(x) = min (T + x·L) over all ways is concave and piecewise linear, and its slope at 0 is the length
of the shortest of the fastest ways. Where f has one slope from 0 to x and from 0 to 2x, that is the
slope at 0. Elsewhere, where another way is hardly slower and much shorter, the path is followed.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from dispatch.roads.network import Ints, RoadNetwork
from dispatch.roads.plane import Floats
from dispatch.roads.shortest import PathEngine, Paths

_FINE = 64
"""A millisecond weighs as much as so many decimetres where slopes are measured: the ways compared
differ by 0.2 s at most for each kilometre, and durations of nine hours fit into 31 bits."""


class EdgePaths:
    """Fastest ways between edges, of whole milliseconds and decimetres."""

    def __init__(self, network: RoadNetwork, edge_duration_ms: Ints, engine: PathEngine) -> None:
        self._turns = network.turns
        self._length_dm = network.edge_length_dm
        self._engine = engine
        self._weights_ms = self._turns.weights_ms(edge_duration_ms)
        self._paths: Paths = engine.paths(self._weights_ms)
        self._around: dict[int, tuple[float, int]] = {}

    @cached_property
    def _leaning(self) -> tuple[Paths, Paths]:
        """Ways of least T + x·L, for x and 2x, in units of 1/_FINE ms."""
        fine, length = self._weights_ms * _FINE, self._turns.of_arcs(self._length_dm)
        return self._engine.paths(fine + length), self._engine.paths(fine + 2 * length)

    def make_ready(self) -> None:
        """Weigh the turns in all the ways that durations and lengths ask for."""
        for paths in (self._paths, *self._leaning):
            paths.make_ready()

    def durations_ms(self, sources: Ints, targets: Ints) -> Floats:
        """(S, T) milliseconds from edge to edge; 0 from an edge to itself, infinity for no way."""
        return self._asked(self._paths, sources, targets)

    def lengths_dm(self, sources: Ints, targets: Ints, durations_ms: Floats) -> Floats:
        """(S, T) decimetres of the ways that take `durations_ms`; NaN where only a path tells."""
        once, twice = (self._asked(paths, sources, targets) for paths in self._leaning)
        with np.errstate(invalid="ignore"):
            slope, further = once - _FINE * durations_ms, (twice - _FINE * durations_ms) / 2
            return np.where(slope == further, slope, np.nan)

    def _asked(self, paths: Paths, sources: Ints, targets: Ints) -> Floats:
        states, first = self._turns.states_of(targets)
        found = paths.durations_ms(sources, states)
        if len(states) == len(targets):  # also where there are none
            return found
        return np.minimum.reduceat(found, first, axis=1)

    def path(self, source: int, target: int) -> list[int]:
        """The edges of a fastest way, both ends included; empty where none leads."""
        states, _ = self._turns.states_of(np.array([target]))
        nearest = self._paths.durations_ms(np.array([source]), states)[0].argmin()
        found = self._paths.path(source, int(states[nearest]))
        return self._turns.state_edge[found].tolist() if found else []

    def around_ms(self, edge: int) -> float:
        """Milliseconds from the start of an edge round to its start again; infinity for no way."""
        return self._way_around(edge)[0]

    def path_around(self, edge: int) -> list[int]:
        """The edges of the fastest way round, `edge` at both ends; empty where none leads."""
        duration_ms, second = self._way_around(edge)
        if not np.isfinite(duration_ms):
            return []
        states, _ = self._turns.states_of(np.array([edge]))
        nearest = self._paths.durations_ms(np.array([second]), states)[0].argmin()
        found = self._paths.path(second, int(states[nearest]))
        return [edge, *self._turns.state_edge[found].tolist()]

    def _way_around(self, edge: int) -> tuple[float, int]:
        """How long the way round takes, and the state that it starts with."""
        if edge not in self._around:
            arcs = self._turns.arcs_from(edge)
            seconds = self._turns.arc_to[arcs]
            states, _ = self._turns.states_of(np.array([edge]))
            back = self._paths.durations_ms(seconds, states).min(axis=1, initial=np.inf)
            total = self._weights_ms[arcs] + back
            best = int(total.argmin()) if len(total) else -1
            self._around[edge] = (
                (float(total[best]), int(seconds[best])) if best >= 0 else (np.inf, -1)
            )
        return self._around[edge]
