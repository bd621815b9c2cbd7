"""The figures of the hidden Markov model, each with its source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Newson and Krumm 2009: how likely a position is beside a road, and a route between two.

    Names are the paper's where it has one. Raises ValueError where a figure makes no sense.
    """

    sigma_z_m: float = 10.0
    """Standard deviation of positions across the road. The paper measured 4.07 m; JT/T 794 lets a
    vehicle's terminal be off by 15 m, and ours are between them."""
    beta_m: float = 10.0
    """Mean difference of a route and the great circle under it, of positions close together."""
    beta_share: float = 0.03
    """How much of the great circle that difference grows by: roads bend between positions."""
    sigma_course_deg: float = 30.0
    """Standard deviation of a reported course from the road's direction, where one is given."""
    within_m: float = 60.0
    """Streets farther than this from a position are no candidates."""
    most_streets: int = 8
    """The nearest so many streets of a position are candidates, each in its directions."""
    longest_gap_s: float = 180.0
    """A track without positions for longer is split, as in the paper."""
    fastest_m_s: float = 50.0
    """Routes that would need a higher speed are none, as in the paper."""
    detour: float = 2.0
    """Routes longer than the great circle times this, and `detour_m` more, are none. The paper cuts
    at 2,000 m more; the shorter bound keeps the table of routes small."""
    detour_m: float = 300.0
    heal_rounds: int = 4
    """How often the two positions beside a break are left out to see whether the rest joins."""

    def __post_init__(self) -> None:
        if min(self.sigma_z_m, self.beta_m, self.sigma_course_deg, self.within_m) <= 0:
            raise ValueError("deviations and the radius must be above 0")
        if self.beta_share < 0 or self.detour < 1 or self.detour_m < 0 or self.heal_rounds < 0:
            raise ValueError("shares and rounds can't be negative, a detour can't shorten")
        if self.most_streets < 1 or self.longest_gap_s <= 0 or self.fastest_m_s <= 0:
            raise ValueError("there must be a candidate, a gap and a speed")

    @property
    def thinned_m(self) -> float:
        """Positions nearer than this to the one before say nothing new, as in the paper."""
        return 2 * self.sigma_z_m
