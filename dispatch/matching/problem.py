"""What batch matching and re-assignment are asked, and what they answer.

Pure values: who calls loads them, and books what comes back. Nothing here knows a rank of persons:
the class of a request is that of its matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from dispatch.eligibility.need import Need
from dispatch.words import Purpose
from fleet.words import Category

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Priority(IntEnum):
    """应急 > 机要 > 保障任务 > 一般: a lower class takes no vehicle that a higher one needs."""

    EMERGENCY = 1
    CONFIDENTIAL = 2
    MISSION = 3
    ORDINARY = 4


def priority_of(purpose: str, category: str | None, *, is_mission: bool = False) -> Priority:
    """Return the class of a request by its matter: purpose, category asked for, mission."""
    if purpose == Purpose.EMERGENCY or category == Category.EMERGENCY:
        return Priority.EMERGENCY
    if category == Category.CONFIDENTIAL_COURIER:
        return Priority.CONFIDENTIAL
    return Priority.MISSION if is_mission else Priority.ORDINARY


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request without a vehicle."""

    id: UUID
    need: Need
    asked_at: datetime
    priority: Priority = Priority.ORDINARY


class Stage(IntEnum):
    """How far an assignment has come, and so what it takes to change it."""

    ASSIGNED = 1
    """The driver hasn't answered: may be changed."""
    ACCEPTED = 2
    """The driver has accepted: is asked first, and a no leaves everything as it is."""
    DEPARTED = 3
    """On the way with the slip: stays."""


@dataclass(frozen=True, slots=True)
class Promised:
    """A request with a vehicle that hasn't picked it up yet.

    `promised_at` is the pick-up time told to the passenger; None where none was told.
    """

    id: UUID
    need: Need
    vehicle_no: int
    driver_no: int
    stage: Stage
    promised_at: datetime | None
    asked_at: datetime
    priority: Priority = Priority.ORDINARY


@dataclass(frozen=True, slots=True)
class CostTerms:
    """What one vehicle for one request costs, in seconds of a passenger's waiting, by term."""

    use_s: int
    arrival_s: int
    empty_s: int
    driver_duty_s: int
    unit_duty_s: int

    @property
    def total_s(self) -> int:
        """Their sum: what matching minimises over all requests of a class."""
        return self.use_s + self.arrival_s + self.empty_s + self.driver_duty_s + self.unit_duty_s


@dataclass(frozen=True, slots=True)
class Match:
    """A vehicle and a driver for a request; `arrival_s` from now, `empty_m` driven without it."""

    request: UUID
    vehicle_no: int
    driver_no: int
    arrival_s: int
    empty_m: int
    cost: CostTerms


@dataclass(frozen=True, slots=True)
class Matching:
    """The answer of a batch.

    matches: by class, time of asking and id of the request
    unserved: requests that got no vehicle, in the same order
    candidates: how many pairs of request and vehicle were weighed
    is_largest: whether it is proved that no matching of these vehicles serves more requests; else
        the limit of pairs ended the search
    """

    matches: Sequence[Match]
    unserved: tuple[UUID, ...]
    candidates: int
    is_largest: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A promised request gets another vehicle and driver."""

    request: UUID
    from_vehicle_no: int
    from_driver_no: int
    to: Match


@dataclass(frozen=True, slots=True)
class Exchange:
    """Changes that hang together: all of them are made, or none.

    drivers_asked: who has accepted and would drive another request or none; each must agree
    gain_s: what all of them save, in seconds of waiting, before the price of a change
    """

    changes: tuple[Change, ...]
    drivers_asked: tuple[int, ...]
    gain_s: int
