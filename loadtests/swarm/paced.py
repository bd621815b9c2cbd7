"""One process of the paced swarm.

Told its task by one line of JSON, it says `built`; told to enter, `entered`; told the hour of the
start, `prepared`, and perhaps it is told a later one. At `go` it waits for that hour. Its account
is one line of JSON, and arrays in a folder.
"""

import json
import sys
import time
from array import array
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from loadtests.swarm.counts import Counts
from loadtests.swarm.crowd import Crowd, Member
from loadtests.swarm.journey import IDENTITY, journey
from loadtests.swarm.kinds import AlarmStoring, LinkStoring, Reporting
from loadtests.swarm.pace import Pace
from loadtests.swarm.terminal import Beating, Terminal

_SENT_IN_A_ROW = 200


@dataclass(frozen=True, slots=True)
class PacedTask:
    """What one process does: each `processes`-th terminal of the pace, from `first` on."""

    port: int
    first: int
    network: str
    folder: str
    pace: Pace

    @property
    def terminals(self) -> range:
        """The terminals of this process."""
        return range(self.first, self.pace.links, self.pace.processes)


@dataclass(frozen=True, slots=True)
class Part:
    """What one process saw."""

    counts: Counts
    wall_s: float
    cpu_s: float


class PacedSwarm:
    """The terminals of one process, and what they are to send."""

    def __init__(self, task: PacedTask) -> None:
        self._pace, self._task = task.pace, task
        self.counts = Counts()
        terminals = [self._terminal(n) for n in task.terminals]
        self.crowd = Crowd(task.port, task.network, terminals, self.counts)
        self.lags_us = array("L")

    def prepare(self, start: float) -> None:
        """Make what every terminal reports, from this hour on (Unix time)."""
        for member in self.crowd.members:
            terminal, pace = member.terminal, self._pace
            if isinstance(terminal, Reporting):
                times = [
                    datetime.fromtimestamp(start + pace.due_s(terminal.terminal, n), UTC)
                    for n in range(pace.rounds)
                ]
                terminal.journey = journey(terminal.terminal, times, pace.alarm_every)

    def run(self, start_s: float) -> Part:
        """Send what comes due from `start_s` on (monotonic); return when it is answered."""
        self._sleep_until(start_s)
        begun_cpu = time.process_time()
        schedule = self._schedule(start_s)
        upcoming = next(schedule, None)
        tunnels = self._tunnels(start_s)
        tunnel = next(tunnels, None)
        look_s = drained_s = start_s
        while True:
            now_s = time.monotonic()
            for _ in range(_SENT_IN_A_ROW):
                if upcoming is None or upcoming[0] > now_s:
                    break
                self._send(*upcoming, now_s)
                upcoming = next(schedule, None)
                drained_s = now_s + self._pace.drain_s
            while tunnel is not None and tunnel[0] <= now_s:
                self._enter_tunnel(tunnel[1], now_s)
                tunnel = next(tunnels, None)
            if now_s >= look_s:
                look_s = now_s + 0.5
                waiting = self._look(now_s)
                if upcoming is None and (not waiting or now_s > drained_s):
                    break
            next_s = look_s if upcoming is None else min(look_s, upcoming[0])
            self.crowd.step(max(0.0, next_s - now_s))
        return self._part(time.monotonic() - start_s, time.process_time() - begun_cpu)

    def _terminal(self, number: int) -> Terminal:
        pace = self._pace
        if pace.beating:
            return Beating(number, self.counts)
        every = pace.alarm_storing_every
        stores_alarms = every > 0 and number % every == every - 1
        return (AlarmStoring if stores_alarms else LinkStoring)(number, self.counts)

    def _schedule(self, start_s: float) -> Iterator[tuple[float, Member, int]]:
        for number in range(self._pace.rounds):
            for member in self.crowd.members:
                yield start_s + self._pace.due_s(member.terminal.terminal, number), member, number

    def _tunnels(self, start_s: float) -> Iterator[tuple[float, Member]]:
        members = {member.terminal.terminal: member for member in self.crowd.members}
        for after_s, terminal in self._pace.tunnels(self._task.terminals):
            yield start_s + after_s, members[terminal]

    def _send(self, due_s: float, member: Member, number: int, now_s: float) -> None:
        self.lags_us.append(round(1e6 * (now_s - due_s)))
        data = member.terminal.due(number, due_s, now_s, linked=member.entered)
        if data and member.link is not None:
            member.link.send(data)

    def _enter_tunnel(self, member: Member, now_s: float) -> None:
        self.counts.tunnels += 1
        # Some are cut off with a reset, some without a word, and both kinds have both.
        silently = member.terminal.terminal // self._pace.tunnel_every // 2 % 2 == 1
        self.crowd.lose(member, now_s + self._pace.tunnel_s, silently=silently)

    def _look(self, now_s: float) -> bool:
        """See to what is overdue; return whether any answer is awaited, or can't be yet."""
        waiting = self.crowd.entered < len(self.crowd.members)
        for member in self.crowd.members:
            terminal = member.terminal
            since_s = terminal.unanswered_since()
            if since_s is None or member.link is None or not member.entered:
                continue
            waiting = True
            if terminal.closes_after_s is not None and now_s - since_s > terminal.closes_after_s:
                self.crowd.lose(member, now_s)
            elif again := terminal.overdue(now_s):
                member.link.send(again)
        return waiting

    def _part(self, wall_s: float, cpu_s: float) -> Part:
        folder, first = Path(self._task.folder), self._task.first
        acknowledged = [np.empty(0, IDENTITY)]
        for member in self.crowd.members:
            terminal = member.terminal
            if isinstance(terminal, Reporting):
                acknowledged.append(terminal.journey.identities(sorted(terminal.acknowledged)))
                self.counts.waiting += len(terminal.waiting)
        np.save(folder / f"acknowledged-{first}.npy", np.concatenate(acknowledged))
        np.save(folder / f"latencies-{first}.npy", np.array(self.crowd.latencies_us, np.int64))
        np.save(folder / f"lags-{first}.npy", np.array(self.lags_us, np.int64))
        return Part(self.counts, wall_s, cpu_s)

    @staticmethod
    def _sleep_until(start_s: float) -> None:
        left_s = start_s - time.monotonic()
        if left_s < 0:
            raise RuntimeError(f"told to go {-left_s:.1f} s after the start")
        time.sleep(left_s)


def main() -> None:
    """Do one task."""
    told = json.loads(sys.stdin.readline())
    swarm = PacedSwarm(PacedTask(**{**told, "pace": Pace(**told["pace"])}))
    _say("built")
    sys.stdin.readline()
    swarm.crowd.enter(told["pace"]["enter_s"])
    _say("entered")
    start = 0.0
    while (line := sys.stdin.readline().strip()) != "go":
        start = float(line)
        swarm.prepare(start)
        _say("prepared")
    part = swarm.run(time.monotonic() + start - time.time())
    _say(json.dumps(asdict(part)))
    # Links are held until everybody has measured what there is to measure.
    sys.stdin.readline()
    swarm.crowd.close()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
