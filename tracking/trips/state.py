"""What the trip machine remembers between two batches; stored as a checkpoint in JSON."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from tracking.trips.points import Points
from tracking.trips.positions import Seen


@dataclass(frozen=True, slots=True)
class Parked:
    """At rest. `lat`, `lon` is where the rest began, `centre` where the receiver shows it now.

    `rest` is the last resting position, `pending` the positions since then that may turn out to
    be a departure. `confirmed` once the rest has lasted long enough to be a stop.
    """

    started_at_s: int
    lat: float
    lon: float
    centre: tuple[float, float]
    rest: Seen
    pending: tuple[Seen, ...] = ()
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Moving:
    """On a trip. `anchor` is the point since which it has stayed in the drift radius, `watch` that
    which began the window in which it may settle, `pen` the position up to which metres are
    counted, `carry_mm` what rounding has left over."""

    points: Points
    anchor: int
    pen: Seen
    carry_mm: int
    watch: int = 0


@dataclass(frozen=True, slots=True)
class TripState:
    """The whole memory of one vehicle's track.

    `newest` is the (time, digest) of the last position taken, `last` the last one believed,
    `suspects` those since that are an impossible jump away from it. Bounded: an open trip keeps
    at most `most_points` points, the rest is a few positions.
    """

    newest: tuple[int, int] | None = None
    last: Seen | None = None
    suspects: tuple[Seen, ...] = ()
    parked: Parked | None = None
    moving: Moving | None = None

    def to_json(self) -> str:
        """JSON text from which `from_json` makes an equal state."""
        return _ADAPTER.dump_json(self).decode()

    @staticmethod
    def from_json(text: str | bytes) -> "TripState":
        """The state that `to_json` wrote. Raises pydantic.ValidationError for anything else."""
        return _ADAPTER.validate_json(text)


_ADAPTER = TypeAdapter(TripState)
