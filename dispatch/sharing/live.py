"""Routes under way, and what happens to them: somebody asks, cancels, or a vehicle is late.

A route begins where its vehicle can next be sent elsewhere. Passengers aboard have a delivery and
no pickup in it; the longest ride, counted from when they boarded, is a deadline of their delivery.
`fixed` positions are settled: nothing comes before them. Whoever executes routes makes a new
problem as vehicles move on; between two of them this class keeps the routes feasible.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dispatch.sharing.arrays import NONE, Floats, Routes
from dispatch.sharing.chance import chance_of
from dispatch.sharing.changes import close_up, put, refresh
from dispatch.sharing.cheapest import cheapest_of_all
from dispatch.sharing.errors import UnfitProblem
from dispatch.sharing.insertion import Asked
from dispatch.sharing.problem import Problem
from dispatch.sharing.routes import Plan, plan_of, routes_of
from dispatch.sharing.search import scratch_of


@dataclass(frozen=True, slots=True)
class Insertion:
    """Where a request goes: its vehicle, behind which positions, and what that adds to the cost.

    delivery_behind: a position of the route as it is; that of the pickup where it follows at once
    """

    vehicle: int
    pickup_behind: int
    delivery_behind: int
    added: float


@dataclass(frozen=True, slots=True)
class Schedule:
    """When each node of a route is served, from its start to its end."""

    nodes: tuple[int, ...]
    begins: tuple[float, ...]


class LiveRoutes:
    """Routes that keep all limits, whatever happens to them."""

    def __init__(self, problem: Problem, sequences: Sequence[Sequence[int]] | None = None) -> None:
        """Take routes as they are; raises UnfitProblem and BrokenRoute as `routes_of` does."""
        # delays are written into it, and the caller's stays as it is
        stops = problem.stops._replace(earliest=problem.stops.earliest.copy())
        self.problem = problem = replace(problem, stops=stops)
        self._routes: Routes = routes_of(problem, sequences)
        width, nodes = self._routes.nodes.shape[1] + 2, len(problem.stops.earliest)
        self._scratch = scratch_of(width, nodes)
        self._chance = chance_of(1)

    @property
    def plan(self) -> Plan:
        """The routes as values."""
        return plan_of(self.problem, self._routes)

    def cheapest(self, request: int) -> Insertion | None:
        """Return where a request adds least and everybody keeps their limits; None: nowhere."""
        if self._routes.vehicle[self.problem.n + request] != NONE:
            raise UnfitProblem(f"Request {request} has a vehicle already.")
        asked = asked_by(self.problem, request)
        v, i, j, added = cheapest_of_all(
            self.problem.stops, self.problem.fleet, self._routes, asked, self._scratch, self._chance
        )
        return None if v == NONE else Insertion(v, i, j, added)

    def insert(self, request: int) -> Insertion | None:
        """Insert a request where it adds least, if anywhere."""
        found = self.cheapest(request)
        if found is not None:
            put(
                self._routes, found.vehicle, request, self.problem.n + request,
                found.pickup_behind, found.delivery_behind,
            )  # fmt: skip
            self._refresh(found.vehicle)
        return found

    def cancel(self, request: int) -> bool:
        """Take a request out; False where it is in no route, aboard, or its pickup settled."""
        v = int(self._routes.vehicle[request])
        if v == NONE or self._routes.place[request] <= self.problem.fleet.fixed[v]:
            return False
        self._routes.vehicle[[request, self.problem.n + request]] = NONE
        close_up(self._routes, v)
        self._refresh(v)
        return True

    def delay(self, vehicle: int, until: float) -> tuple[int, ...] | None:
        """Say that a vehicle leaves its start no earlier; return who had to be taken out for it.

        Taken out are requests not yet picked up, the one that is picked up last first. None: those
        aboard can't be kept in time even so, and the routes stay as they were before the delay.
        """
        start = int(self._routes.nodes[vehicle, 0])
        before = float(self.problem.stops.earliest[start])
        stops = self.plan.routes[vehicle]
        self.problem.stops.earliest[start] = max(before, until)
        taken: list[int] = []
        while not self._refresh(vehicle):
            last = self._last_movable(vehicle)
            if last == NONE:
                self.problem.stops.earliest[start] = before
                self._put_back(vehicle, stops)
                return None
            taken.append(last)
            self._routes.vehicle[[last, self.problem.n + last]] = NONE
            close_up(self._routes, vehicle)
        return tuple(taken)

    def schedule(self, vehicle: int) -> Schedule:
        """Return the earliest schedule that keeps all limits; the vehicle leaves its start late."""
        size = int(self._routes.size[vehicle])
        nodes = self._routes.nodes[vehicle, :size].copy()
        begins: Floats = self._routes.early[vehicle, :size].copy()
        # nobody waits for a vehicle at its start
        begins[0] = max(begins[0], begins[1] - self._routes.time[vehicle, 0])
        return Schedule(tuple(int(n) for n in nodes), tuple(float(t) for t in begins))

    def _refresh(self, v: int) -> bool:
        problem = self.problem
        return refresh(problem.stops, problem.fleet, problem.ways, self._routes, v)

    def _last_movable(self, v: int) -> int:
        first = int(self.problem.fleet.fixed[v]) + 1
        nodes = self._routes.nodes[v, first : self._routes.size[v] - 1]
        pickups = nodes[nodes < self.problem.n]
        return int(pickups[-1]) if len(pickups) else NONE

    def _put_back(self, v: int, stops: tuple[int, ...]) -> None:
        size = len(stops) + 2
        end = self._routes.nodes[v, self._routes.size[v] - 1]
        self._routes.nodes[v, 1 : size - 1], self._routes.nodes[v, size - 1] = stops, end
        self._routes.size[v] = size
        self._routes.vehicle[list(stops)] = v
        self._refresh(v)


def asked_by(problem: Problem, request: int) -> Asked:
    """Return a request of the problem as insertion sees it."""
    ways, p, d = problem.ways, request, problem.n + request
    return Asked(
        p, d, float(ways.time[p, d]), float(ways.cost[p, d]),
        ways.time_to[p], ways.time[p], ways.time_to[d], ways.time[d],
        ways.cost_to[p], ways.cost[p], ways.cost_to[d], ways.cost[d],
    )  # fmt: skip
