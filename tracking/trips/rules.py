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
    # Positions this far from the rest are believed unless all of them report that it stands.
    far_m: float = 150.0
    # This far off they are believed whatever speed is reported: some terminals always say 0.
    stray_m: float = 500.0
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
        if self.acceleration_m_s2 <= 0:
            raise ValueError("acceleration_m_s2 must be positive")
        if self.most_points < 10:
            raise ValueError("most_points must be at least 10")
