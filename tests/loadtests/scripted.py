"""A platform in a thread that answers as it is told, right or wrong."""

import contextlib
import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from gateway.protocols.jt808.events import Received
from gateway.protocols.jt808.session import Jt808Session

Answering = Callable[[Jt808Session, Received], None]
"""Writes answers to what was received."""


class Platform(socketserver.ThreadingTCPServer):
    """One thread a link; `received` are the events of all links in the order of arrival."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, answer: Answering) -> None:
        super().__init__(("127.0.0.1", 0), _Link)
        self.answer = answer
        self.received: list[Received] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Link(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        platform = self.server
        assert isinstance(platform, Platform)
        session = Jt808Session()
        with contextlib.suppress(OSError):
            while data := self.request.recv(65_536):
                for event in session.receive(data, datetime.now(UTC)):
                    assert isinstance(event, Received), event
                    platform.received.append(event)
                    platform.answer(session, event)
                self.request.sendall(session.data_to_send())


@contextlib.contextmanager
def scripted(answer: Answering) -> Iterator[Platform]:
    """Yield a platform that listens."""
    with Platform(answer) as platform:
        thread = threading.Thread(target=platform.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield platform
        finally:
            platform.shutdown()
            thread.join()
