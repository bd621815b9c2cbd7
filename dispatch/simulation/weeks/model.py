"""What is given: a network of places, a fleet, what is asked for, and the rules of the house.

Times are seconds since midnight (Asia/Shanghai) of the first day, which is day 0 of week 0;
distances are metres; places, vehicles and requests are known by their numbers.
"""

from dataclasses import dataclass, fields

import numpy as np

from dispatch.matching.problem import Bools, Floats, Ints

DAY_S = 86_400
WEEK_S = 7 * DAY_S
MOST_PLACES, MOST_VEHICLES, MOST_REQUESTS = 2_500, 5_000, 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Places and the ways between them: seconds and metres, shape (places, places).

    label: what the figures rest on
    """

    seconds: Floats
    metres: Floats
    label: str = "straight_line"

    def __post_init__(self) -> None:
        for name in ("seconds", "metres"):
            table = getattr(self, name)
            if table.ndim != 2 or table.shape[0] != table.shape[1]:
                raise ValueError(f"{name} of a network are a square")
            if not np.isfinite(table).all() or (table < 0).any():
                raise ValueError(f"{name} of a network are known and not below zero")
        if self.seconds.shape != self.metres.shape:
            raise ValueError("a network has seconds and metres of the same places")
        if len(self.seconds) > MOST_PLACES:
            raise ValueError(f"a network has at most {MOST_PLACES} places")


@dataclass(frozen=True, slots=True, eq=False)
class Fleet:
    """Vehicles, each with one driver: where it stands when it has nothing to do, and its seats.

    base: (V,) places; seats: (V,) for passengers
    """

    base: Ints
    seats: Ints

    def __post_init__(self) -> None:
        if not 1 <= len(self.base) <= MOST_VEHICLES or len(self.base) != len(self.seats):
            raise ValueError(f"a fleet has 1 to {MOST_VEHICLES} vehicles, each with base and seats")
        if (self.seats < 1).any():
            raise ValueError("a vehicle has at least one seat for passengers")

    def of(self, count: int) -> "Fleet":
        """Return a fleet of so many vehicles with the same mixture of bases and seats."""
        picked = (np.arange(count) * len(self.base)) // count
        return Fleet(self.base[picked], self.seats[picked])


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """What is asked for, by instant; each an array of length R.

    asked_s: when it is asked, ascending; start_s: when the passengers want to leave, not before
    origin, destination: places; back: whether the vehicle waits there and brings them back
    stay_s: how long it waits there as planned; over_s: how much longer it turns out to be
    passengers; may_share: whether they agree to ride with others
    """

    asked_s: Floats
    start_s: Floats
    origin: Ints
    destination: Ints
    back: Bools
    stay_s: Floats
    over_s: Floats
    passengers: Ints
    may_share: Bools

    def __post_init__(self) -> None:
        if len({len(getattr(self, field.name)) for field in fields(self)}) != 1:
            raise ValueError("every request has each of its attributes")
        if len(self.asked_s) > MOST_REQUESTS:
            raise ValueError(f"a simulation has at most {MOST_REQUESTS} requests")
        if (np.diff(self.asked_s) < 0).any() or (self.start_s < self.asked_s).any():
            raise ValueError("requests come in the order of asking, and begin no earlier")
        if (self.stay_s < 0).any() or (self.over_s < 0).any() or (self.passengers < 1).any():
            raise ValueError("a stay is not below zero, and somebody rides")

    def __len__(self) -> int:
        return len(self.asked_s)


@dataclass(frozen=True, slots=True)
class House:
    """By what a motor pool works.

    prepare_s: from the assignment until the vehicle leaves: the driver accepts and looks it over
    board_s: to get in; turnaround_s: between two rides
    lead_s: how long before its start a booking is assigned; with plans it is bound `bind_s` before
    over_share: by how much a stay is taken to last longer than planned, until it is over
    booked_s: what is asked so long before its start is a booking
    patience_s: after so much waiting without a vehicle the passengers give up
    in_time_s: who is picked up no later than this is in time; what was promised must be
    detour_share, detour_s: how much longer than alone a shared ride may take: a share, and seconds
    day_s, week_s: how long a driver may be on orders
    batch_s: how often those who wait are matched together; improve_s: how often what is assigned
    is looked through; change_s: what a change must save
    slack_s: nobody gets a vehicle later than this after what was told
    duty_s_an_hour: what an hour that a driver has on orders that day counts, in waiting
    empty_s_a_km: what a kilometre without passengers counts, in waiting
    """

    prepare_s: float = 180.0
    board_s: float = 60.0
    turnaround_s: float = 300.0
    lead_s: float = 1_800.0
    bind_s: float = 1_800.0
    over_share: float = 0.15
    booked_s: float = 3_600.0
    patience_s: float = 3_600.0
    in_time_s: float = 600.0
    detour_share: float = 0.3
    detour_s: float = 480.0
    day_s: float = 11 * 3_600.0
    week_s: float = 44 * 3_600.0
    batch_s: float = 10.0
    improve_s: float = 30.0
    change_s: float = 60.0
    slack_s: float = 300.0
    duty_s_an_hour: float = 12.0
    empty_s_a_km: float = 6.0

    def __post_init__(self) -> None:
        if any(not 0 <= getattr(self, field.name) <= WEEK_S for field in fields(self)):
            raise ValueError("rules of the house lie between 0 and the seconds of a week")
        if min(self.batch_s, self.improve_s) < 1:
            raise ValueError("batch_s and improve_s are at least a second")
