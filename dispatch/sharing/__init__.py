"""合乘 sharing: several requests in one vehicle, within limits that each person agreed to.

A kernel without I/O and without a clock. Who calls loads requests, vehicles and travel times, and
books what comes back.

- `Problem.of(Requests, Vehicles, time, cost)`: the problem in arrays; `ride_limits` turns a
  person's detour limit into their longest ride
- `LiveRoutes`: routes under way; `insert`, `cancel`, `delay`, `schedule`
- `improve(problem, Steps(n), seed)`: better routes, in the background
- `fewest_vehicles(problem, Steps(n), seed)`: fewest vehicles first, then cost

Read in this order: `schedule` (when is a route feasible?), `insertion` (where does a request go?),
`ruin` and `recreate` (how does a plan become better?), `anneal`, `search`.
"""

from dispatch.sharing.errors import BrokenRoute, ContradictoryLimits, UnfitProblem
from dispatch.sharing.fewest import fewest_vehicles
from dispatch.sharing.live import Insertion, LiveRoutes, Schedule
from dispatch.sharing.problem import Problem, Requests, Vehicles, ride_limits
from dispatch.sharing.routes import Plan
from dispatch.sharing.search import Budget, Course, Steps, improve

__all__ = [
    "BrokenRoute",
    "Budget",
    "ContradictoryLimits",
    "Course",
    "Insertion",
    "LiveRoutes",
    "Plan",
    "Problem",
    "Requests",
    "Schedule",
    "Steps",
    "UnfitProblem",
    "Vehicles",
    "fewest_vehicles",
    "improve",
    "ride_limits",
]
