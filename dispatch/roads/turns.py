"""The edge-expanded graph: driving an edge is a state, turning into the next an arc.

On it turn restrictions, barriers and roads without through traffic hold, which no graph of
junctions can say (Caldwell 1961; Geisberger and Vetter 2011, "Efficient Routing in Road Networks
with Turn Costs"). An edge has more states than one where what was driven before it matters:

- runs banned along via ways: a state for each beginning of two edges or more, joined as in the
  automaton of Aho and Corasick 1975
- roads for journeys that begin or end there: a state for journeys that have been on an open road,
  from which only such roads follow
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from dispatch.roads.turn_bans import Run

if TYPE_CHECKING:
    from dispatch.roads.network import Bools, Ints, RoadNetwork

U_TURN_MS = 20_000
"""What turning round in the road costs: a journey does it where the way round is longer."""


@dataclass(frozen=True, eq=False)
class TurnGraph:
    """S states and A arcs; state e < E is to drive edge e at the start of a journey."""

    edge_count: int
    state_edge: Ints
    """(S,) the edge that each state drives."""
    arc_from: Ints
    arc_to: Ints
    arc_u_turn: Bools
    """(A,) whether the arc turns round in the road."""

    @property
    def state_count(self) -> int:
        return len(self.state_edge)

    def weights_ms(self, edge_duration_ms: Ints) -> Ints:
        """(A,) from the start of one state's edge to the start of the next one's."""
        return self.of_arcs(edge_duration_ms) + np.where(self.arc_u_turn, U_TURN_MS, 0)

    def of_arcs(self, of_edges: Ints) -> Ints:
        """(A,) what an edge has, for each arc that begins with it."""
        values: Ints = of_edges[self.state_edge[self.arc_from]]
        return values

    @cached_property
    def _by_edge(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.state_edge, kind="stable").astype(np.int64)
        counts = np.bincount(self.state_edge, minlength=self.edge_count)
        return order, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    def states_of(self, edges: Ints) -> tuple[Ints, Ints]:
        """All states of `edges`, edge by edge, and where each edge's begin."""
        order, starts = self._by_edge
        counts = starts[edges + 1] - starts[edges]
        first = np.cumsum(counts) - counts
        within = np.arange(counts.sum()) - np.repeat(first, counts)
        return order[np.repeat(starts[edges], counts) + within], first

    def arcs_from(self, state: int) -> Ints:
        """The arcs that leave a state."""
        return np.flatnonzero(self.arc_from == state)

    @cached_property
    def _graph(self) -> csr_array:
        shape = (self.state_count, self.state_count)
        return csr_array((np.ones(len(self.arc_from)), (self.arc_from, self.arc_to)), shape=shape)

    @cached_property
    def connected(self) -> tuple[Bools, Bools]:
        """(E,) which edges lead to the main part of the network, and which it leads to.

        The main part is the largest in which every state reaches every other. A single state
        that never comes back to itself is none: nothing is connected then.
        """
        _, part = connected_components(self._graph, directed=True, connection="strong")
        if part.max() + 1 == self.state_count and not (self.arc_from == self.arc_to).any():
            return np.zeros(self.edge_count, np.bool_), np.zeros(self.edge_count, np.bool_)
        inside = int(np.flatnonzero(part == np.bincount(part).argmax())[0])
        leads_in, led_to = (
            np.isin(np.arange(self.state_count), breadth_first_order(graph, inside)[0])
            for graph in (self._graph.T.tocsr(), self._graph)
        )
        arrives = np.zeros(self.edge_count, dtype=np.bool_)
        arrives[self.state_edge[led_to]] = True
        return leads_in[: self.edge_count], arrives


def expand(network: RoadNetwork) -> TurnGraph:
    """The edge-expanded graph of a network."""
    arc_from, arc_to = _turns(network)
    pairs = {run for run in network.banned_runs if len(run) == 2}
    banned = np.array([a * network.edge_count + b for a, b in pairs], dtype=np.int64)
    kept = ~np.isin(arc_from * network.edge_count + arc_to, banned)
    arc_from, arc_to = arc_from[kept], arc_to[kept]
    long_runs = [run for run in network.banned_runs if len(run) > 2]
    state_edge = np.arange(network.edge_count)
    if long_runs:
        state_edge, arc_from, arc_to = _remember(long_runs, state_edge, arc_from, arc_to)
    state_edge, arc_from, arc_to = _keep_off(~network.edge_through, state_edge, arc_from, arc_to)
    u_turn = state_edge[arc_to] == network.edge_twin[state_edge[arc_from]]
    return TurnGraph(network.edge_count, state_edge, arc_from, arc_to, u_turn)


def _turns(network: RoadNetwork) -> tuple[Ints, Ints]:
    """All pairs of edges that follow one another; at a barrier only the way back does."""
    leaving = np.argsort(network.edge_from, kind="stable").astype(np.int64)
    degree = np.bincount(network.edge_from, minlength=network.node_count)
    starts = np.concatenate([[0], np.cumsum(degree)]).astype(np.int64)
    counts = degree[network.edge_to]
    before = np.repeat(np.arange(network.edge_count), counts)
    first = np.cumsum(counts) - counts
    within = np.arange(counts.sum()) - np.repeat(first, counts)
    after = leaving[starts[network.edge_to[before]] + within]
    allowed = network.node_open[network.edge_to[before]] | (network.edge_twin[before] == after)
    return before[allowed], after[allowed]


def _remember(
    runs: Sequence[Run], state_edge: Ints, arc_from: Ints, arc_to: Ints
) -> tuple[Ints, Ints, Ints]:
    """Add a state for each beginning of a banned run, and lead journeys through them."""
    banned = set(runs)
    beginnings = sorted({run[:length] for run in runs for length in range(2, len(run))})
    number = {run: len(state_edge) + at for at, run in enumerate(beginnings)}
    following = _following({run[-1] for run in beginnings}, arc_from, arc_to)
    # From a plain state only beginnings of two edges can be entered.
    pairs = np.array([run for run in beginnings if len(run) == 2], dtype=np.int64)
    of_pair = np.array([number[run] for run in beginnings if len(run) == 2], dtype=np.int64)
    edges = len(state_edge)
    keys = pairs[:, 0] * edges + pairs[:, 1]
    arcs = arc_from * edges + arc_to
    at = np.searchsorted(keys, arcs).clip(max=len(keys) - 1)
    entered = np.where(keys[at] == arcs, of_pair[at], arc_to)
    more: list[tuple[int, int]] = []
    for run in beginnings:
        for edge in following[run[-1]]:
            longer = [(*run[start:], edge) for start in range(len(run))]
            if not banned.intersection(longer):
                known = (number[one] for one in longer if one in number)
                more.append((number[run], next(known, edge)))
    added = np.array(more, dtype=np.int64).reshape(-1, 2)
    return (
        np.concatenate([state_edge, [run[-1] for run in beginnings]]),
        np.concatenate([arc_from, added[:, 0]]),
        np.concatenate([entered, added[:, 1]]),
    )


def _following(edges: Iterable[int], arc_from: Ints, arc_to: Ints) -> dict[int, list[int]]:
    wanted = np.isin(arc_from, np.fromiter(edges, dtype=np.int64))
    following: defaultdict[int, list[int]] = defaultdict(list)
    for before, after in zip(arc_from[wanted].tolist(), arc_to[wanted].tolist(), strict=True):
        following[before].append(after)
    return following


def _keep_off(
    ends_only: Bools, state_edge: Ints, arc_from: Ints, arc_to: Ints
) -> tuple[Ints, Ints, Ints]:
    """Let journeys onto roads without through traffic at their beginning and their end only."""
    closed = ends_only[state_edge]
    if not closed.any():
        return state_edge, arc_from, arc_to
    late = np.full(len(state_edge), -1)
    late[closed] = len(state_edge) + np.arange(closed.sum())
    before, after = closed[arc_from], closed[arc_to]
    entering, within = ~before & after, before & after
    return (
        np.concatenate([state_edge, state_edge[closed]]),
        np.concatenate([arc_from, late[arc_from[within]]]),
        np.concatenate([np.where(entering, late[arc_to], arc_to), late[arc_to[within]]]),
    )
