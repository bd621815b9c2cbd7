"""What one terminal of the paced swarm reports, made before it is sent.

The time of a position has whole seconds. Its speed tells the thousandths, in tenths of km/h, so
that whoever receives the position knows how old it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from gateway.protocols.jt808.position import PositionReport, position_report
from loadtests.swarm.frames import PHONES_FROM, live_frame

OVERSPEED = 0b10
"""The alarm bit that the swarm's alarms bear."""

IDENTITY = np.dtype([("phone", np.int64), ("time_raw", np.int64), ("digest", np.int64)])
"""What makes a position one and the same, whoever brings it."""

_CENTRE = (43.3, 114.6)
_GRID = 100
_APART_DEG = 0.001
_STEP_DEG = 0.0001


@dataclass(frozen=True, slots=True)
class Journey:
    """The positions of one terminal, and the frame of each as it is sent at its time."""

    terminal: int
    reports: Sequence[PositionReport]
    frames: Sequence[bytes]

    def is_alarm(self, number: int) -> bool:
        """Whether this position bears an alarm."""
        return self.reports[number].alarm != 0

    def identities(self, numbers: Sequence[int]) -> NDArray[np.void]:
        """Return the identities of some positions."""
        phone = PHONES_FROM + self.terminal
        chosen = [self.reports[number] for number in numbers]
        return np.array(
            [(phone, int.from_bytes(one.time_raw), one.digest()) for one in chosen], IDENTITY
        )


def journey(terminal: int, times: Sequence[datetime], alarm_every: int) -> Journey:
    """Return the journey of a terminal whose positions come due at these times.

    Position n has serial n + 1. Every `alarm_every`-th bears an alarm; 0 is none.
    """
    reports = [_report(terminal, n, time, alarm_every) for n, time in enumerate(times)]
    frames = [live_frame(terminal, n + 1, report) for n, report in enumerate(reports)]
    return Journey(terminal, reports, frames)


def _report(terminal: int, number: int, time: datetime, alarm_every: int) -> PositionReport:
    row, column = divmod(terminal, _GRID)
    is_alarm = alarm_every > 0 and number % alarm_every == alarm_every - 1
    return position_report(
        time,
        _CENTRE[0] + row % _GRID * _APART_DEG + number * _STEP_DEG,
        _CENTRE[1] + column * _APART_DEG,
        speed_kmh=time.microsecond // 1000 / 10,
        alarm=OVERSPEED if is_alarm else 0,
        odometer_m=100_000 + 100 * number,
        satellites=11,
    )
