"""Which vehicles of a pool may keep which bookings: by their type, by the rules, and by time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from dispatch.capacity.model import Booking, Span
from dispatch.eligibility.choices import VehicleChoice
from dispatch.eligibility.need import At, Limits, Need
from dispatch.eligibility.rules.battery import in_range
from dispatch.eligibility.rules.category import (
    category,
    courier_only,
    enforcement_only,
    technical_only,
)
from dispatch.eligibility.rules.documents import inspected, insured
from dispatch.eligibility.rules.rule import Rule
from dispatch.eligibility.rules.seats import seats
from dispatch.eligibility.rules.standing import in_use
from dispatch.eligibility.rules.units import cross_unit_open
from fleet.words import Holding

STATIC: tuple[Rule, ...] = (
    in_use,
    enforcement_only,
    courier_only,
    technical_only,
    category,
    cross_unit_open,
    seats,
    in_range,
    insured,
    inspected,
)
"""The rules that can be asked long before. What takes the vehicle meanwhile is asked apart."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class VehicleType:
    """What is promised instead of a plate; None: any that may serve the request.

    Without a holding all but rental vehicles are meant: those come last, and are asked for.
    """

    category: str | None = None
    energy: str | None = None
    holding: str | None = None


ANY_TYPE = VehicleType()


@dataclass(frozen=True, slots=True)
class Ask:
    """A vehicle of a type for a need, in the period that it takes of it."""

    need: Need
    wanted: VehicleType
    span: Span
    breaks_seals: bool = False
    weight: int = 1


@dataclass(frozen=True, slots=True)
class PoolVehicle:
    """A vehicle of a pool, and when it can't be promised: taken at all, or standing sealed."""

    choice: VehicleChoice
    energy: str
    taken: tuple[Span, ...] = ()
    sealed: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Fitted:
    """Asks and vehicles as bookings and stocks.

    bookings: in the order of the asks; stocks: the vehicles of each, by their places in the pool
    """

    bookings: tuple[Booking, ...]
    stocks: tuple[tuple[int, ...], ...]

    @property
    def sizes(self) -> list[int]:
        """How many vehicles stand in each stock."""
        return [len(one) for one in self.stocks]


def fit(asks: Sequence[Ask], vehicles: Sequence[PoolVehicle]) -> Fitted:
    """Return the bookings of these asks, and the vehicles in stocks that may serve the same."""
    may = _may_serve(asks, vehicles)
    members: dict[bytes, list[int]] = {}
    for v in range(len(vehicles)):
        if may[v].any():
            members.setdefault(may[v].tobytes(), []).append(v)
    stocks = tuple(tuple(one) for one in members.values())
    serves = [set(np.flatnonzero(may[one[0]]).tolist()) for one in stocks]
    return Fitted(
        tuple(
            Booking(
                *ask.span,
                frozenset(s for s, asked in enumerate(serves) if a in asked),
                weight=ask.weight,
            )
            for a, ask in enumerate(asks)
        ),
        stocks,
    )


def seconds(instant: datetime) -> int:
    """Return the whole seconds since 1970, rounded down."""
    return (instant - _EPOCH) // _SECOND


def instant(second: int) -> datetime:
    """Return the instant so many seconds after 1970."""
    return _EPOCH + second * _SECOND


def taking(vehicle: PoolVehicle, span: Span) -> PoolVehicle:
    """Return the vehicle with one more period in which it is taken."""
    return replace(vehicle, taken=(*vehicle.taken, span))


def _may_serve(asks: Sequence[Ask], vehicles: Sequence[PoolVehicle]) -> Bools:
    """Return whether each vehicle may serve each ask, shape (vehicles, asks)."""
    starts, ends = _bounds([ask.span for ask in asks])
    own_starts, own_ends = _bounds([(seconds(a.need.start), seconds(a.need.end)) for a in asks])
    bound = np.array([not ask.breaks_seals for ask in asks], dtype=np.bool_)
    told: dict[VehicleChoice, Bools] = {}
    may = np.zeros((len(vehicles), len(asks)), dtype=np.bool_)
    for v, vehicle in enumerate(vehicles):
        alike = replace(vehicle.choice, no=0)
        if alike not in told:
            told[alike] = np.array([_is_eligible(alike, ask) for ask in asks], dtype=np.bool_)
        may[v] = told[alike] & np.array([_is_meant(vehicle, ask) for ask in asks], dtype=np.bool_)
        for since, until in vehicle.taken:
            may[v] &= (ends <= since) | (until <= starts)
        for since, until in vehicle.sealed:
            may[v] &= ~bound | (own_ends <= since) | (until <= own_starts)
    return may


def _bounds(spans: Sequence[Span]) -> tuple[Ints, Ints]:
    both = np.array(spans, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _is_eligible(vehicle: VehicleChoice, ask: Ask) -> bool:
    at = At(ask.need.start, Limits())
    return all(rule(vehicle, ask.need, at) is None for rule in STATIC)


def _is_meant(vehicle: PoolVehicle, ask: Ask) -> bool:
    """Whether a vehicle is of the type that is asked for."""
    wanted = ask.wanted
    if wanted.holding is None and vehicle.choice.holding == Holding.RENTAL:
        return False
    return all(
        asked is None or asked == had
        for asked, had in (
            (wanted.category, vehicle.choice.category),
            (wanted.energy, vehicle.energy),
            (wanted.holding, vehicle.choice.holding),
        )
    )
