"""What the paced swarm does: so many positions a second, whether answers come or not."""

from collections.abc import Iterator
from dataclasses import dataclass

from loadtests.swarm.kinds import MOST_POSITIONS


@dataclass(frozen=True, slots=True)
class Pace:
    """An open loop: what terminal t sends as its n-th is due (n · links + t) / per_s after start.

    links: terminals, each with a link of its own
    per_s: positions (or heartbeats) of all of them together in a second
    seconds: for so long, rounded up to whole rounds of all terminals
    processes: how many share the terminals, each with loopback addresses of its own
    beating: heartbeats alone instead of positions
    alarm_storing_every: one terminal of so many stores only alarms, the others everything; 0: none
    alarm_every: one position of so many of a terminal is an alarm; 0: none
    tunnel_every: one terminal of so many loses its link once, for `tunnel_s`; 0: none. A number
        without a divisor in common with the kinds lets terminals of both kinds lose theirs
    enter_s, drain_s: how long links may take to stand, and the last answers to come
    """

    links: int
    per_s: float
    seconds: float
    processes: int = 2
    beating: bool = False
    alarm_storing_every: int = 2
    alarm_every: int = 10
    tunnel_every: int = 0
    tunnel_s: float = 5.0
    enter_s: float = 120.0
    drain_s: float = 30.0

    def __post_init__(self) -> None:
        if not 1 <= self.processes <= self.links or self.per_s <= 0 or self.seconds <= 0:
            raise ValueError("a swarm needs links for each of its processes, a pace and a time")
        if self.rounds > MOST_POSITIONS:
            raise ValueError(f"one terminal sends {MOST_POSITIONS} positions at most")

    @property
    def rounds(self) -> int:
        """How many positions each terminal has."""
        return max(1, round(self.per_s * self.seconds / self.links))

    @property
    def lasts_s(self) -> float:
        """Seconds from the start until the last position is due."""
        return self.rounds * self.links / self.per_s

    def due_s(self, terminal: int, number: int) -> float:
        """Return when a position is due, in seconds after the start."""
        return (number * self.links + terminal) / self.per_s

    def tunnels(self, terminals: range) -> Iterator[tuple[float, int]]:
        """Yield when which of these terminals loses its link, in order of time."""
        begin, length = 0.2 * self.lasts_s, 0.4 * self.lasts_s
        chosen = list(filter(self.goes_through_a_tunnel, terminals))
        for n, terminal in enumerate(chosen):
            yield begin + n / len(chosen) * length, terminal

    def goes_through_a_tunnel(self, terminal: int) -> bool:
        """Whether this terminal loses its link."""
        return self.tunnel_every > 0 and terminal % self.tunnel_every == 0
