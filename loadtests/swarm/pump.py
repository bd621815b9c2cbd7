"""One process of the swarm: many links, the next segment sent when the last one is answered.

Told by one line of JSON on its input; says `ready` when every link has been greeted, waits for a
line, pumps, and prints its result as JSON.
"""

import json
import select
import socket
import sys
import time
from array import array
from dataclasses import asdict, dataclass, field
from datetime import datetime

from loadtests.swarm.answers import FLAG, judge
from loadtests.swarm.frames import greeting, reports

_CONNECTING_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Task:
    """What one process does.

    frames_a_segment: how many frames are sent at once and answered before the next go
    address: the loopback address that the links come from
    """

    port: int
    first: int
    links: int
    frames: int
    frames_a_segment: int
    since: str
    answer_s: float
    address: str = "127.0.0.1"


@dataclass(slots=True)
class Pumped:
    """What came of it; latencies are of segments, in microseconds."""

    sent: int = 0
    acknowledged: int = 0
    refused: int = 0
    repeated: int = 0
    unread: int = 0
    links_lost: int = 0
    wall_s: float = 0.0
    cpu_s: float = 0.0
    latencies_us: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Link:
    """One terminal's connection."""

    socket: socket.socket
    segments: list[bytes]
    sent: int = 0
    awaited: int = 0
    sent_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)


class Pump:
    """The links of one process."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._poll = select.epoll()
        self._links: dict[int, Link] = {}
        self._latencies_us = array("L")
        self._lost = 0

    def connect(self) -> None:
        """Open and greet every link."""
        task = self._task
        since = datetime.fromisoformat(task.since)
        for first in range(0, task.links, _CONNECTING_AT_ONCE):
            some = range(first, min(first + _CONNECTING_AT_ONCE, task.links))
            opened = [self._open(task.first + n, since) for n in some]
            for link in opened:
                link.socket.settimeout(task.answer_s)
                while link.received.count(FLAG) < 2:
                    data = link.socket.recv(4096)
                    if not data:
                        raise ConnectionError("the link was closed instead of greeted")
                    link.received += data
                link.received.clear()
                link.socket.setblocking(False)
                self._poll.register(link.socket, select.EPOLLIN)

    def run(self) -> Pumped:
        """Send everything; return what was answered."""
        begun, cpu = time.perf_counter(), time.process_time()
        for link in self._links.values():
            self._send_next(link)
        working = len(self._links)
        while working:
            ready = self._poll.poll(self._task.answer_s)
            if not ready:
                break
            for fd, _ in ready:
                working -= self._hear(self._links[fd])
        return self._result(time.perf_counter() - begun, time.process_time() - cpu)

    def _open(self, terminal: int, since: datetime) -> Link:
        task = self._task
        connection = socket.create_connection(
            ("127.0.0.1", task.port), timeout=task.answer_s, source_address=(task.address, 0)
        )
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        frames = reports(terminal, task.frames, since)
        size = task.frames_a_segment
        segments = [b"".join(frames[n : n + size]) for n in range(0, len(frames), size)]
        link = Link(connection, segments)
        self._links[connection.fileno()] = link
        connection.sendall(greeting(terminal))
        return link

    def _send_next(self, link: Link) -> bool:
        """Send one segment; return whether there was one."""
        if link.sent == len(link.segments):
            return False
        # Every frame and every answer has two flags, and none inside (4.4.2).
        link.awaited += link.segments[link.sent].count(FLAG)
        link.sent_at = time.perf_counter()
        link.socket.send(link.segments[link.sent])
        link.sent += 1
        return True

    def _hear(self, link: Link) -> bool:
        """Read one link; return whether it has nothing more to do."""
        try:
            data = link.socket.recv(65_536)
        except OSError:
            data = b""
        if not data:
            self._lost += 1
            self._poll.unregister(link.socket)
            return True
        link.received += data
        link.awaited -= data.count(FLAG)
        if link.awaited > 0:
            return False
        self._latencies_us.append(round((time.perf_counter() - link.sent_at) * 1e6))
        return not self._send_next(link)

    def _result(self, wall_s: float, cpu_s: float) -> Pumped:
        result = Pumped(wall_s=wall_s, cpu_s=cpu_s, links_lost=self._lost)
        result.latencies_us = self._latencies_us.tolist()
        for link in self._links.values():
            sent = min(link.sent * self._task.frames_a_segment, self._task.frames)
            verdict = judge(bytes(link.received), sent)
            result.sent += sent
            result.acknowledged += verdict.acknowledged
            result.refused += verdict.refused
            result.repeated += verdict.repeated
            result.unread += verdict.unread
            link.socket.close()
        return result


def main() -> None:
    """Do one task."""
    pump = Pump(Task(**json.loads(sys.stdin.readline())))
    pump.connect()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    sys.stdout.write(json.dumps(asdict(pump.run())) + "\n")


if __name__ == "__main__":
    main()
