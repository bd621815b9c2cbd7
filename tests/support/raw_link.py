"""A link that carries frames as they were captured, and hears what the platform answers."""

import socket
import time
from types import TracebackType
from typing import Self

from gateway.protocols.jt808 import session_messages as sm
from gateway.protocols.jt808.header import Edition
from gateway.protocols.jt808.position import PositionReport
from gateway.protocols.jt808.terminal_side import Jt808Terminal

_REGISTRATION = sm.Registration(11, 100, "TEST", "T-1", "0000001", 1, "示A10001")
_ANSWER_S = 30.0


class RawLink:
    """One TCP link; its own messages go through a codec, captured frames go as they are."""

    def __init__(self, port: int, phone: str, edition: Edition) -> None:
        self._protocol = Jt808Terminal(phone, edition)
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_ANSWER_S)
        self.answers: list[tuple[int, int, int]] = []
        """(id answered, serial answered, result), in the order of arrival."""

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
        """Register, and authenticate with the token of the answer."""
        registered = self._ask(sm.Registration.message_id, self._protocol.register(_REGISTRATION))
        assert registered == sm.RegistrationResult.OK
        entered = self._ask(sm.Authentication.message_id, self._protocol.authenticate())
        assert entered == sm.Result.OK

    def send(self, wire: bytes) -> None:
        """Write these bytes as they are."""
        self._socket.sendall(wire)

    def send_batch(self, positions: tuple[PositionReport, ...]) -> None:
        """Report these positions in one message, and don't wait for its answer."""
        self._protocol.report_batch(positions)
        self._socket.sendall(self._protocol.data_to_send())

    def heartbeat(self) -> int:
        """Return the result of a heartbeat; by then what was answered before has arrived."""
        return self._ask(sm.TerminalHeartbeat.message_id, self._protocol.heartbeat())

    def result_of(self, message_id: int, serial: int) -> int:
        """Wait for the answer to this message, take it out of `answers`, return its result."""
        deadline = time.monotonic() + _ANSWER_S
        while time.monotonic() < deadline:
            for answer in self.answers:
                if answer[:2] == (message_id, serial):
                    self.answers.remove(answer)
                    return answer[2]
            self._listen()
        raise AssertionError(f"no answer to {message_id:#06x}, serial {serial}")

    def _listen(self) -> None:
        data = self._socket.recv(65_536)
        assert data, "the platform closed the link"
        for heard in self._protocol.receive(data):
            match heard.message:
                case sm.PlatformAnswer(serial, message_id, result):
                    self.answers.append((message_id, serial, result))
                case sm.RegistrationAnswer(serial, result):
                    self.answers.append((sm.Registration.message_id, serial, result))

    def _ask(self, message_id: int, serial: int) -> int:
        self._socket.sendall(self._protocol.data_to_send())
        return self.result_of(message_id, serial)
