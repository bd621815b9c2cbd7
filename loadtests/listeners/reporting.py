"""Terminals that report at a steady pace, and note when each frame was sent.

python -m loadtests.listeners.reporting answers: where to connect; then, for every stage, to make
its frames, and to send them. An instant of sending is one of this machine's clock, and is noted
outside of the frame; a frame is known again by its vehicle and the second that it bears.
"""

import select
import socket
import time
from array import array
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from gateway.protocols.jt808.framing import frame
from gateway.protocols.jt808.header import Edition, plain_header
from gateway.protocols.jt808.packages import payloads
from gateway.protocols.jt808.position import position_report
from gateway.protocols.jt808.position_messages import PositionMessage
from loadtests.listeners.helper import Lines, serve
from loadtests.listeners.province import place_of
from loadtests.swarm.answers import FLAG, judge
from loadtests.swarm.frames import greeting, phone_of

_ANSWER_S = 30.0
_SLOT_S = 0.004
_STEP_DEG = 0.00015


@dataclass(slots=True)
class Link:
    """One terminal's connection."""

    vehicle: int
    socket: socket.socket
    sent: int = 0
    received: bytearray = field(default_factory=bytearray)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sent in one stage: `rate` frames a second, the links in turn.

    since_s: the second that the first frame bears; each is of its own second of the stage
    """

    rate: int
    seconds: int
    since_s: int

    @property
    def frames(self) -> int:
        """How many frames there are."""
        return self.rate * self.seconds


class Terminals:
    """The terminals of one process."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._links: list[Link] = []
        self._by_fd: dict[int, Link] = {}
        self._plan = Plan(0, 0, 0)
        self._frames: list[bytes] = []

    def answer(self, question: Lines) -> Lines:
        """Do what is asked."""
        if "vehicles" in question:
            return self._connect(question["port"], question["vehicles"], question["address"])
        if "rate" in question:
            return self._make(Plan(**question))
        return self._send_all(question["into"])

    def _connect(self, port: int, vehicles: list[int], address: str) -> Lines:
        for first in range(0, len(vehicles), 200):
            opened = [self._open(port, n, address) for n in vehicles[first : first + 200]]
            for link in opened:
                while link.received.count(FLAG) < 2:
                    data = link.socket.recv(4096)
                    if not data:
                        raise ConnectionError("the link was closed instead of greeted")
                    link.received += data
                link.received.clear()
                link.socket.setblocking(False)
                self._poll.register(link.socket, select.EPOLLIN)
        return {"links": len(self._links)}

    def _open(self, port: int, vehicle: int, address: str) -> Link:
        connection = socket.create_connection(
            ("127.0.0.1", port), timeout=_ANSWER_S, source_address=(address, 0)
        )
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link = Link(vehicle, connection)
        self._links.append(link)
        self._by_fd[connection.fileno()] = link
        connection.sendall(greeting(vehicle))
        return link

    def _make(self, plan: Plan) -> Lines:
        self._plan = plan
        links = len(self._links)
        self._frames = [
            report(
                self._links[k % links].vehicle,
                self._links[k % links].sent + k // links + 1,
                plan.since_s + k // plan.rate,
            )
            for k in range(plan.frames)
        ]
        return {"frames": len(self._frames)}

    def _send_all(self, into: str) -> Lines:
        plan, links, sent_at = self._plan, self._links, array("d")
        unheard = 2 * plan.frames
        cpu_s, most_late_s = time.process_time(), 0.0
        slot = begun = time.time()
        while len(sent_at) < plan.frames:
            due = min(int((time.time() - begun) * plan.rate) + 1, plan.frames)
            for k in range(len(sent_at), due):
                link = links[k % len(links)]
                sent_at.append(time.time())
                link.socket.send(self._frames[k])
                link.sent += 1
            most_late_s = max(most_late_s, sent_at[-1] - begun - len(sent_at) / plan.rate)
            slot += _SLOT_S
            unheard -= self._hear(0)
            while (left_s := slot - time.time()) > 0:
                unheard -= self._hear(left_s)
        wall_s = time.time() - begun
        deadline = time.time() + _ANSWER_S
        while unheard > 0 and time.time() < deadline:
            unheard -= self._hear(0.1)
        self._save(into, sent_at)
        return {
            "sent": plan.frames,
            "acknowledged": sum(self._acknowledged(link) for link in links),
            "wall_s": wall_s,
            "most_late_ms": 1000 * most_late_s,
            "cpu_s": time.process_time() - cpu_s,
        }

    def _hear(self, wait_s: float) -> int:
        """Read what has come within `wait_s`; return how many flags."""
        flags = 0
        for fd, _ in self._poll.poll(wait_s):
            link = self._by_fd[fd]
            data = link.socket.recv(4096)
            if not data:
                raise ConnectionError("a link was closed")
            link.received += data
            flags += data.count(FLAG)
        return flags

    def _acknowledged(self, link: Link) -> int:
        """Return how many of the link's frames were acknowledged since it was asked last."""
        verdict = judge(bytes(link.received), link.sent)
        link.received.clear()
        return verdict.acknowledged

    def _save(self, into: str, sent_at: "array[float]") -> None:
        k = np.arange(self._plan.frames)
        vehicles = np.array([link.vehicle for link in self._links], np.int64)
        np.savez(
            into,
            vehicle=vehicles[k % len(vehicles)],
            time_s=self._plan.since_s + k // self._plan.rate,
            at=np.array(sent_at),
        )


def report(vehicle: int, serial: int, time_s: int) -> bytes:
    """Return the frame of a vehicle that drives eastwards from its first place."""
    latitude, longitude = place_of(vehicle)
    message = PositionMessage(
        position_report(
            datetime.fromtimestamp(time_s, UTC),
            latitude,
            longitude + _STEP_DEG * serial,
            speed_kmh=40.0,
            course_deg=90,
            altitude_m=140,
            odometer_m=100_000 + 100 * serial,
            satellites=11,
        )
    )
    header = plain_header(message.message_id, phone_of(vehicle), serial, Edition.V2013)
    body = message.encode(Edition.V2013)
    return b"".join(frame(payload) for _, payload in payloads(header, body))


if __name__ == "__main__":
    serve(Terminals().answer)
