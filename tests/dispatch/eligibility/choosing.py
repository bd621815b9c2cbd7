"""A vehicle, a driver and a need to whom no rule objects; tests change one thing at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dispatch.eligibility.choices import DriverChoice, Fix, VehicleChoice
from dispatch.eligibility.need import At, Limits, Need

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday, 09:00 in Shanghai
AT = At(NOW, Limits())
OWN, OTHER = 1, 2
NEED = Need(
    unit_no=OWN,
    category=None,
    passengers=2,
    start=NOW + timedelta(minutes=30),
    end=NOW + timedelta(hours=3),
    origin=(40.05, 110.05),
    ride_m=50_000,
)


def driver(no: int = 1, **changes: object) -> DriverChoice:
    base = DriverChoice(
        no=no, licence_class="C1", licence_until=None, busy_until=None, duty_s=0, week_s=0
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def vehicle(**changes: object) -> VehicleChoice:
    base = VehicleChoice(
        no=1,
        unit_no=OWN,
        seats=5,
        category="other_prescribed",
        holding="retained",
        base=(40.0, 110.0),
        fix=Fix((40.0, 110.0), NOW),
        busy_until=None,
        overdue_since=None,
        drivers=(driver(),),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def need(**changes: object) -> Need:
    return replace(NEED, **changes)  # type: ignore[arg-type]
