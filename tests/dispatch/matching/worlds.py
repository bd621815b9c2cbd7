"""Random worlds of vehicles, drivers and needs, small enough to be looked through entirely."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dispatch.eligibility.choices import DriverChoice, Fix, VehicleChoice
from dispatch.eligibility.need import At, Limits, Need
from dispatch.matching.problem import Priority, Waiting
from fleet.vehicles.words import LifeState

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
AT = At(NOW, Limits())
CITY = (45.75, 126.65)
CATEGORIES = ("other_prescribed", "other_prescribed", "emergency", "enforcement")


def point(chance: random.Random, spread: float = 0.1) -> tuple[float, float]:
    return CITY[0] + chance.uniform(-spread, spread), CITY[1] + chance.uniform(-spread, spread)


def drivers(chance: random.Random, unit_no: int, count: int) -> tuple[DriverChoice, ...]:
    return tuple(
        DriverChoice(
            no=unit_no * 1000 + i,
            licence_class=chance.choice(("C1", "C1", "B1", "A1")),
            licence_until=chance.choice((None, NOW + timedelta(hours=chance.uniform(0, 4)))),
            busy_until=NOW if chance.random() < 0.15 else None,
            duty_s=chance.choice((0, 3600, 7200, 18_000)),
            on_leave=chance.random() < 0.1,
            off_shift=chance.random() < 0.1,
        )
        for i in range(count)
    )


def vehicles(chance: random.Random, count: int, units: int = 4) -> list[VehicleChoice]:
    """Vehicles of which most may serve, and each rule leaves some out."""
    staff = {unit: drivers(chance, unit, chance.randint(0, 6)) for unit in range(1, units + 1)}
    found = []
    for no in range(1, count + 1):
        unit = chance.randint(1, units)
        age = timedelta(seconds=chance.choice((5, 60, 890, 1200)))
        found.append(
            VehicleChoice(
                no=no,
                unit_no=unit,
                seats=chance.choice((5, 5, 5, 7, 19)),
                category=chance.choice(CATEGORIES),
                holding=chance.choice(("retained", "pool", "rental")),
                base=chance.choice((None, point(chance), point(chance))),
                fix=None if chance.random() < 0.1 else Fix(point(chance), NOW - age),
                busy_until=NOW + timedelta(hours=1) if chance.random() < 0.1 else None,
                overdue_since=NOW - timedelta(hours=1) if chance.random() < 0.1 else None,
                drivers=staff[unit],
                state=LifeState.RENEWED if chance.random() < 0.05 else LifeState.IN_USE,
                sealed_by="封存" if chance.random() < 0.05 else None,
                insurance_ended=NOW + timedelta(hours=2) if chance.random() < 0.2 else None,
                closed_to_others=chance.random() < 0.2,
            )
        )
    return found


def need(chance: random.Random, units: int = 4) -> Need:
    start = NOW + timedelta(minutes=chance.choice((0, 0, 5, 30, 240)))
    return Need(
        unit_no=chance.randint(1, units + 1),
        category=chance.choice((None, None, None, "emergency", "enforcement")),
        passengers=chance.choice((1, 2, 4, 6, 15)),
        start=start,
        end=start + timedelta(hours=chance.uniform(0.5, 3)),
        origin=point(chance),
    )


def waiting(chance: random.Random, count: int) -> list[Waiting]:
    return [
        Waiting(
            id=UUID(int=chance.getrandbits(128), version=4),
            need=need(chance),
            asked_at=NOW - timedelta(seconds=chance.randint(0, 600)),
            priority=chance.choice(tuple(Priority)),
        )
        for _ in range(count)
    ]


def plain_vehicle(no: int, away: float = 0.0, **changes: object) -> VehicleChoice:
    """A vehicle without anything against it, with a driver of its own, so many degrees north."""
    values: dict[str, object] = {
        "no": no,
        "unit_no": no,
        "seats": 5,
        "category": "other_prescribed",
        "holding": "pool",
        "base": None,
        "fix": Fix((CITY[0] + away, CITY[1]), NOW),
        "busy_until": None,
        "overdue_since": None,
        "drivers": (plain_driver(no),),
    }
    return VehicleChoice(**{**values, **changes})  # type: ignore[arg-type]


def plain_driver(no: int, duty_s: int = 0) -> DriverChoice:
    return DriverChoice(no, "C1", None, None, duty_s)


def plain_waiting(
    number: int, away: float = 0.0, priority: Priority = Priority.ORDINARY, **changes: object
) -> Waiting:
    """A request of a unit without vehicles, that any of the plain vehicles may serve."""
    values: dict[str, object] = {
        "unit_no": 999,
        "category": None,
        "passengers": 1,
        "start": NOW,
        "end": NOW + timedelta(hours=1),
        "origin": (CITY[0] + away, CITY[1]),
    }
    return Waiting(UUID(int=number), Need(**{**values, **changes}), NOW, priority)  # type: ignore[arg-type]
