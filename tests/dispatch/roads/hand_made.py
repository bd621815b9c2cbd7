"""Small maps drawn by hand, and a slow, plain judge of fastest paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush
from itertools import pairwise

import numpy as np

from dispatch.roads.importing.extract import Line
from dispatch.roads.network import RoadNetwork
from dispatch.roads.turn_bans import Run
from dispatch.roads.turns import U_TURN_MS

Position = tuple[float, float]


def line(way_id: int, nodes: Sequence[int], where: Mapping[int, Position], **tags: str) -> Line:
    """A way through numbered nodes; a residential street unless the tags say otherwise."""
    return Line(
        way_id,
        {"highway": "residential", **tags},
        tuple(nodes),
        np.array([where[node][0] for node in nodes]),
        np.array([where[node][1] for node in nodes]),
    )


class PlainJudge:
    """Fastest journeys by remembering every last few edges driven: slow, and easy to believe."""

    def __init__(self, network: RoadNetwork) -> None:
        self._starts, self._ends = network.edge_from.tolist(), network.edge_to.tolist()
        self._twins, self._took_ms = network.edge_twin.tolist(), network.edge_duration_ms.tolist()
        self._through, self._open = network.edge_through.tolist(), network.node_open.tolist()
        self._banned = network.banned_runs
        self._memory = max([2, *map(len, self._banned)]) - 1

    def following(self, driven: Run, *, been_through: bool) -> list[int]:
        """The edges that may follow those driven last.

        been_through: whether the journey has been on a road that is open to all
        """
        last = driven[-1]
        return [
            edge
            for edge, start in enumerate(self._starts)
            if start == self._ends[last]
            and (self._open[start] or self._twins[last] == edge)
            and not (been_through and not self._through[last] and self._through[edge])
            and not any((*driven, edge)[-len(run) :] == run for run in self._banned)
        ]

    def step_ms(self, edge: int, following: int) -> int:
        """From the start of an edge to the start of the next."""
        return self._took_ms[edge] + (U_TURN_MS if self._twins[edge] == following else 0)

    def durations_ms(self, source: int) -> list[float]:
        """From the start of one edge to the start of each."""
        durations = [float("inf")] * len(self._starts)
        known: set[tuple[Run, bool]] = set()
        waiting: list[tuple[int, Run, bool]] = [(0, (source,), self._through[source])]
        while waiting:
            took_ms, driven, been_through = heappop(waiting)
            if (driven, been_through) in known:
                continue
            known.add((driven, been_through))
            durations[driven[-1]] = min(durations[driven[-1]], took_ms)
            for edge in self.following(driven, been_through=been_through):
                more_ms = took_ms + self.step_ms(driven[-1], edge)
                journey = (*driven, edge)[-self._memory :]
                heappush(waiting, (more_ms, journey, been_through or self._through[edge]))
        return durations

    def journey_ms(self, edges: Run) -> int | None:
        """How long a journey takes to the start of its last edge; None where a rule is broken."""
        for at in range(1, len(edges)):
            been_through = any(self._through[edge] for edge in edges[:at])
            if edges[at] not in self.following(edges[:at], been_through=been_through):
                return None
        return self.took_ms(edges)

    def took_ms(self, edges: Run) -> int:
        """From the start of the first to the start of the last."""
        return sum(self.step_ms(*pair) for pair in pairwise(edges))
