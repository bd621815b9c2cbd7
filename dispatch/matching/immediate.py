"""Immediate rides: when to assign, and what may still be changed afterwards.

At light load a batch is pure delay: whoever asks gets a vehicle at once. When more requests wait
than vehicles are free, they are gathered for a moment and matched together. What was promised may
be improved until the vehicle has left with its slip, and no promise is made worse by it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class ImmediatePolicy:
    """What the assigning of immediate rides may be tuned by.

    batch_s: how long requests are gathered while they are more than the free vehicles
    improve_s: how often promised rides are looked through for a better vehicle
    change_s: what a change must save at least, for each request that gets another vehicle
    ask_s: what it must save beyond that for each driver who has accepted and is asked
    """

    batch_s: int = 10
    improve_s: int = 30
    change_s: int = 60
    ask_s: int = 60

    def __post_init__(self) -> None:
        if self.batch_s < 1 or self.improve_s < 1 or self.change_s < 1 or self.ask_s < 0:
            raise ValueError("batch_s, improve_s and change_s must be positive, ask_s not below 0")


def is_light(waiting: int, free: int) -> bool:
    """Whether there is a free vehicle for everybody who waits: then nobody waits for a batch."""
    return waiting <= free


def is_due(
    waiting: int, free: int, batched_at: datetime | None, now: datetime, policy: ImmediatePolicy
) -> bool:
    """Whether the waiting requests are matched now; batched_at: when they last were."""
    if waiting == 0:
        return False
    if is_light(waiting, free) or batched_at is None:
        return True
    return now - batched_at >= timedelta(seconds=policy.batch_s)


def improves(improved_at: datetime | None, now: datetime, policy: ImmediatePolicy) -> bool:
    """Whether promised rides are looked through now; improved_at: when they last were."""
    return improved_at is None or now - improved_at >= timedelta(seconds=policy.improve_s)
