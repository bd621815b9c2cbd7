"""What auto-dispatch may do at most, and what an operator wants to know of it."""

from collections import Counter
from dataclasses import dataclass, field

from kit.metrics import LONG_S, Distribution


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much auto-dispatch does at most, and how often it tries again.

    per_round: requests that one round ranks or assigns; the others wait for the next
    per_minute: assignments made or changed, by all workers together
    retry_s: how long a request that was left waits, unless a vehicle or a request has moved
    refresh_s: how old a suggestion on the queue may grow
    errors_s: how long a request is passed over after something unforeseen
    """

    per_round: int = 50
    per_minute: int = 300
    retry_s: int = 15
    refresh_s: int = 600
    errors_s: int = 60

    def __post_init__(self) -> None:
        if min(self.per_round, self.per_minute, self.retry_s, self.refresh_s, self.errors_s) < 1:
            raise ValueError("every bound of auto-dispatch must be positive")


DEFAULT_BOUNDS = Bounds()


@dataclass(slots=True)
class AutoDispatchState:
    """What one worker's auto-dispatch has done.

    held: whether this worker is the one that dispatches by itself
    waiting: requests of organisations where it is on that wait for a vehicle
    left: how often a request was left to the dispatcher, by what stopped it
    conflicts: assignments given up because somebody was faster; failures: unforeseen errors
    """

    held: bool = False
    rounds: int = 0
    round_s: Distribution = field(default_factory=lambda: Distribution(LONG_S))
    waiting: int = 0
    suggested: int = 0
    assigned: int = 0
    reassigned: int = 0
    left: Counter[str] = field(default_factory=Counter)
    conflicts: int = 0
    failures: int = 0
    leases_lost: int = 0
