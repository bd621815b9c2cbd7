"""A terminal on a real socket, for tests: it blocks until its server has answered."""

import socket
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from gateway.protocols.jt808.header import Edition
from gateway.protocols.jt808.position import PositionReport, position_report
from gateway.protocols.jt808.session_messages import Registration
from gateway.protocols.jt808.terminal_side import Heard, Jt808Terminal

METRES_A_DEGREE = 111_195.0


class TerminalOnWire:
    """Speaks JT/T 808 over TCP and remembers what it has not been answered."""

    def __init__(self, port: int, phone: str, edition: Edition = Edition.V2013) -> None:
        self.protocol = Jt808Terminal(phone, edition)
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def log_in(self) -> None:
        """Register and authenticate, as a terminal does on its first connection."""
        self.protocol.register(Registration(23, 100, "TEST", "T-1", "0000001", 1, "示A10001"))
        self.exchange()
        assert self.protocol.token, "the registration was refused"
        self.protocol.authenticate()
        self.exchange()

    def report(self, positions: Iterable[PositionReport]) -> None:
        """Send positions one by one; return when all are acknowledged."""
        for position in positions:
            self.protocol.report(position)
        self.exchange()

    def report_batch(self, positions: Sequence[PositionReport]) -> None:
        """Send stored positions in batch messages; return when all are acknowledged."""
        for start in range(0, len(positions), 12):
            self.protocol.report_batch(positions[start : start + 12])
        self.exchange()

    def exchange(self) -> list[Heard]:
        """Write what waits and read until nothing is unanswered."""
        self._socket.sendall(self.protocol.data_to_send())
        heard: list[Heard] = []
        while self.protocol.unacknowledged:
            data = self._socket.recv(65_536)
            assert data, "the server closed the link"
            heard += self.protocol.receive(data)
        return heard


def next_second() -> datetime:
    """Return when the next second has begun, and when that was.

    A terminal tells whole seconds, and of two positions of one second the first is shown.
    """
    time.sleep(1 - time.time() % 1)
    return datetime.now(UTC)


def drive(
    start: datetime,
    latitude: float,
    longitude: float,
    *,
    rest_before_s: int = 360,
    drive_s: int = 600,
    rest_after_s: int = 420,
    speed_kmh: float = 36.0,
) -> list[PositionReport]:
    """Return a rest, a straight drive to the north and a rest, a position each ten seconds.

    The drive begins at `start`; its length is speed × time (36 km/h is 10 m a second).
    """
    start = start.astimezone(UTC).replace(microsecond=0)
    positions = []
    for offset_s in range(-rest_before_s, drive_s + rest_after_s + 1, 10):
        driven_s = min(max(offset_s, 0), drive_s)
        moving = 0 < offset_s < drive_s
        positions.append(
            position_report(
                start + timedelta(seconds=offset_s),
                latitude + driven_s * speed_kmh / 3.6 / METRES_A_DEGREE,
                longitude,
                speed_kmh=speed_kmh if moving else 0.0,
                acc=moving,
            )
        )
    return positions
