"""Thresholds of movement and rest."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TripRules:
    """Thresholds of movement and rest. All distances in metres, durations in seconds.

    The ignition (ACC) is no evidence: its wire is often missing or always live.
    """

    # A parked receiver wanders about this far.
    drift_radius_m: float = 50.0
    # Among houses it wanders further; that is believed only with a reported speed of next to none.
    wander_m: float = 100.0
    # Positions this far from the rest are believed if odometer or speeds account for the way.
    far_m: float = 150.0
    # This far off they are believed whatever speed is reported, if any: some terminals always say
    # 0. Receivers in weak signal, which wander by 60 m in each direction, hardly ever go as far; in
    # a rest that a standing odometer shows they may.
    stray_m: float = 500.0
    # The share of the way from the rest for which they must account: speeds are told a few times
    # on a short drive, and rounded down.
    told_share: float = 0.6
    # Standing in a trip (lights, jams), nearer changes than this are noise of the receiver.
    jitter_m: float = 30.0
    # Under way, metres are counted in chords longer than this. A chord of c between places with an
    # error of e each way is longer than the way by e²/c: at a second a step, chords of 10 m would
    # add a tenth.
    chord_m: float = 30.0
    # At or below this reported speed a vehicle may be standing.
    slow_kmh: float = 5.0
    # Receivers of parked vehicles report up to this speed; slower departures must go further.
    sure_kmh: float = 15.0
    # No driver in a town speeds up and brakes harder, in m/s².
    acceleration_m_s2: float = 4.0
    # No road vehicle is faster: such a jump is an error of the receiver.
    impossible_kmh: float = 250.0
    # So many positions, over so many seconds, prove a movement.
    proof_positions: int = 3
    moving_s: int = 10
    # A jump's new place is believed after this long.
    proof_s: int = 60
    # A trip ends when the vehicle has stayed within the drift radius for this long.
    rest_s: int = 300
    # In weak signal no single place shows a rest: it is looked for in windows of this length, long
    # enough for a crawl in a jam (2 km/h) to have gone further than a receiver's middle wanders.
    settle_s: int = 600
    # Such a window needs so many positions, or its two middles are single errors.
    settle_positions: int = 6
    # At rest at most this share of positions report more than a slow walk; on slow drives most do.
    astir_share: float = 1 / 3
    # An odometer that counted more than this in a window, in steps of 100 m, drove.
    crept_m: int = 200
    # Silence from this long on is a gap.
    gap_s: int = 120
    # A departure during a silence is dated back from the first position seen, at this pace.
    departure_kmh: float = 30.0
    # Odometers are read in steps of up to this much.
    odometer_step_m: int = 1000
    # Longer trips are cut in two at a common point, so that memory stays bounded
    # (12 hours at a position a second).
    most_points: int = 43_200

    def __post_init__(self) -> None:
        if not 0 < self.chord_m <= self.jitter_m <= self.drift_radius_m <= self.wander_m:
            raise ValueError("need 0 < chord_m <= jitter_m <= drift_radius_m <= wander_m")
        if not self.wander_m < self.far_m <= self.stray_m:
            raise ValueError("need wander_m < far_m <= stray_m")
        if not 0 < self.slow_kmh <= self.sure_kmh < self.departure_kmh < self.impossible_kmh:
            raise ValueError("need 0 < slow_kmh <= sure_kmh < departure_kmh < impossible_kmh")
        durations = (self.moving_s, self.proof_s, self.rest_s, self.gap_s)
        if min(self.proof_positions, self.odometer_step_m, *durations) < 1:
            raise ValueError("counts, steps and durations must be positive")
        if not (0 < self.told_share <= 1 and 0 <= self.astir_share < 1):
            raise ValueError("told_share and astir_share must be shares")
        if self.settle_s < self.rest_s or self.settle_positions < 2 or self.crept_m < 0:
            raise ValueError("need settle_s >= rest_s, settle_positions >= 2, crept_m >= 0")
        if self.acceleration_m_s2 <= 0:
            raise ValueError("acceleration_m_s2 must be positive")
        if self.most_points < 10:
            raise ValueError("most_points must be at least 10")
