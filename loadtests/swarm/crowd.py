"""The links of one process of the paced swarm: opened, greeted, heard, opened again when lost."""

import heapq
import select
import time
from array import array
from collections.abc import Iterable, Sequence

from loadtests.swarm.answers import read_answer
from loadtests.swarm.counts import Counts
from loadtests.swarm.link import Link
from loadtests.swarm.terminal import Terminal

_ENTERING_AT_ONCE = 200
_LINKS_AN_ADDRESS = 5_000
"""The kernel tries the ports of one parity first, one by one: where half of an address's ports are
taken, each further connection costs it milliseconds."""
_RETRY_S = 0.5


class Member:
    """A terminal and its link, while it has one; `entered` once the platform knows who it is."""

    __slots__ = ("entered", "link", "terminal")

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.link: Link | None = None
        self.entered = False


class Crowd:
    """Members and the epoll in which their sockets are watched. `now_s` is of a monotonic clock.

    network: the first three numbers of the loopback addresses that the links come from
    latencies_us: from the moment at which a message was due to its answer
    """

    def __init__(self, port: int, network: str, terminals: Iterable[Terminal], counts: Counts):
        self.members: Sequence[Member] = [Member(terminal) for terminal in terminals]
        self.latencies_us = array("L")
        self._counts, self._port, self._network = counts, port, network
        self._poll = select.epoll()
        self._by_fd: dict[int, Member] = {}
        self._entering = 0
        self._abandoned: list[Link] = []
        self._to_open = [(0.0, n) for n in range(len(self.members))]
        self._places = {member: n for n, member in enumerate(self.members)}

    @property
    def entered(self) -> int:
        """How many links stand and are known."""
        return len(self._by_fd) - self._entering

    def enter(self, within_s: float) -> None:
        """Return when every link stands. Raises RuntimeError when that takes too long."""
        deadline = time.monotonic() + within_s
        while self.entered < len(self.members):
            self.step(0.1)
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.entered} of {len(self.members)} links were let in")

    def step(self, timeout_s: float) -> None:
        """Wait so long at most for something to happen; deal with it."""
        for fd, event in self._poll.poll(timeout_s):
            member = self._by_fd[fd]
            assert member.link is not None
            if event & select.EPOLLOUT:
                member.link.flush()
            if event & ~select.EPOLLOUT:
                self._hear(member, member.link)
        now_s = time.monotonic()
        while self._to_open and self._to_open[0][0] <= now_s and self._entering < _ENTERING_AT_ONCE:
            self._open(self.members[heapq.heappop(self._to_open)[1]], now_s)

    def lose(self, member: Member, back_s: float, *, silently: bool = False) -> None:
        """Let a terminal lose its link, and connect again at `back_s`.

        silently: the platform isn't told; its end stays half open
        """
        if member.link is None:
            return
        link = self._forget(member, back_s)
        if silently:
            link.abandon()
            self._abandoned.append(link)
        else:
            link.reset()

    def close(self) -> None:
        """Close every socket."""
        for member in self.members:
            if member.link is not None:
                member.link.close()
        for link in self._abandoned:
            link.close()
        self._poll.close()

    def _open(self, member: Member, now_s: float) -> None:
        source = f"{self._network}.{1 + self._places[member] // _LINKS_AN_ADDRESS}"
        member.link = Link(self._poll, source, self._port)
        self._by_fd[member.link.fileno()] = member
        self._entering += 1
        member.link.send(member.terminal.greet(now_s))

    def _forget(self, member: Member, back_s: float) -> Link:
        assert member.link is not None
        link, member.link = member.link, None
        del self._by_fd[link.fileno()]
        self._entering -= not member.entered
        member.entered = False
        member.terminal.lost()
        heapq.heappush(self._to_open, (back_s, self._places[member]))
        return link

    def _hear(self, member: Member, link: Link) -> None:
        now_s = time.monotonic()
        chunks = link.receive()
        if chunks is None:
            self._counts.links_lost += member.entered
            # Who was sent away together doesn't come back together.
            back_s = now_s + _RETRY_S * (1 + self._places[member] % 97 / 97)
            self._forget(member, back_s).close()
            return
        for chunk in chunks:
            answer = read_answer(chunk)
            if answer is None:
                self._counts.unread += 1
                continue
            sent = member.terminal.heard(answer)
            if sent is None:
                continue
            if sent.due_s is not None:
                self.latencies_us.append(round(1e6 * (now_s - sent.due_s)))
            if not member.entered:
                member.entered = True
                self._entering -= 1
                if stored := member.terminal.entered(now_s):
                    link.send(stored)
