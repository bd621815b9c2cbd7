"""Thresholds of the rules: versioned data, of which these are the first version."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from audit.rules import Rule


@dataclass(frozen=True, slots=True)
class MovedThresholds:
    """When unexplained driving is a finding.

    from_base_m: so far from the base's centre (or its own radius, if larger) is off base
    moving_kmh, moving_positions: so many positions must be reached faster than that
    gap_s: a longer silence between two positions is said in the counter-evidence
    near_s: an order or filing that ends or begins within it is said there as well
    """

    from_base_m: float = 50.0
    moving_kmh: float = 5.0
    moving_positions: int = 3
    gap_s: int = 120
    near_s: int = 1800

    def __post_init__(self) -> None:
        if not (self.from_base_m > 0 and self.moving_kmh > 0):
            raise ValueError("from_base_m and moving_kmh must be positive")
        if self.moving_positions < 1 or self.gap_s < 1 or self.near_s < 0:
            raise ValueError("moving_positions and gap_s must be positive, near_s not negative")


@dataclass(frozen=True, slots=True)
class NightThresholds:
    """When a night away from the base is a finding.

    from_hour, to_hour: the window, Asia/Shanghai, from the evening to the next morning
    base_radius_m: the base reaches at least so far from its centre
    away_s: so much unexplained time away makes a finding
    """

    from_hour: int = 22
    to_hour: int = 6
    base_radius_m: float = 50.0
    away_s: int = 3600

    def __post_init__(self) -> None:
        if not (12 <= self.from_hour <= 23 and 0 <= self.to_hour <= 11):
            raise ValueError("a night begins at 12 to 23 o'clock and ends at 0 to 11")
        if not self.base_radius_m > 0:
            raise ValueError("base_radius_m must be positive")
        if not 1 <= self.away_s <= (24 - self.from_hour + self.to_hour) * 3600:
            raise ValueError("away_s must be positive and fit into the window")


Thresholds = MovedThresholds | NightThresholds

DEFAULTS: dict[Rule, Thresholds] = {
    Rule.MOVED_WITHOUT_ORDER: MovedThresholds(),
    Rule.NOT_BACK_AT_NIGHT: NightThresholds(),
}


def to_json(thresholds: Thresholds) -> dict[str, object]:
    """Return the thresholds as they are stored."""
    return asdict(thresholds)


def moved_thresholds(stored: Mapping[str, object]) -> MovedThresholds:
    """Return stored thresholds of `moved_without_order`. Raises TypeError, ValueError."""
    return MovedThresholds(**stored)  # type: ignore[arg-type]  # __post_init__ compares them


def night_thresholds(stored: Mapping[str, object]) -> NightThresholds:
    """Return stored thresholds of `not_back_at_night`. Raises TypeError, ValueError."""
    return NightThresholds(**stored)  # type: ignore[arg-type]  # __post_init__ compares them
