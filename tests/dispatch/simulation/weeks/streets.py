"""A street with a place each kilometre, driven at a metre a second."""

import numpy as np

from dispatch.simulation.weeks.model import Demand, Fleet, House, Network

PLAIN = House(prepare_s=0, board_s=0, turnaround_s=0, lead_s=3_600, bind_s=3_600, duty_s_an_hour=0)


def street(places: int = 11) -> Network:
    """Places 0 to 10, a kilometre from each to the next."""
    at = np.arange(places) * 1000.0
    apart = np.abs(at[:, None] - at[None, :])
    return Network(apart.copy(), apart)


def fleet(*bases: int, seats: int = 4) -> Fleet:
    """A vehicle at each of these places."""
    return Fleet(np.array(bases, dtype=np.int64), np.full(len(bases), seats, dtype=np.int64))


def demand(
    *rides: tuple[float, float, int, int], stay_s: float = 0, shares: bool = False
) -> Demand:
    """Rides as (asked_s, start_s, origin, destination), each of one person."""
    told = np.array(rides, dtype=np.float64).reshape(-1, 4)
    n = len(told)
    return Demand(
        asked_s=told[:, 0],
        start_s=told[:, 1],
        origin=told[:, 2].astype(np.int64),
        destination=told[:, 3].astype(np.int64),
        back=np.full(n, stay_s > 0),
        stay_s=np.full(n, float(stay_s)),
        over_s=np.zeros(n),
        passengers=np.ones(n, dtype=np.int64),
        may_share=np.full(n, shares),
    )
