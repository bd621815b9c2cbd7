"""Terminals under a steady load: they drive, report, and keep what nobody has acknowledged."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from types import TracebackType
from typing import Self

from gateway.protocols.jt808.position import PositionReport, position_report
from loadtests.faults.keeping import Habits, KeepingTerminal

Key = tuple[str, int, int]
"""Number, raw time, digest: what makes a position one and the same."""

STEP_S = 10
STEP_M = 100
_METRES_A_DEGREE = 111_195.0
_REST_REPORTS = 45
_RESTED_WITHIN_S = 30.0
_UNDERVOLTAGE = 1 << 7
"""An alarm (table 24) that no trip depends on."""


def key_of(phone: str, report: PositionReport) -> Key:
    """Return the identity of a position (decision 0003)."""
    return phone, int.from_bytes(report.time_raw), report.digest()


@dataclass(frozen=True, slots=True)
class Drive:
    """Where and when everybody drives: from `start`, a whole second, on to the north or the south.

    place: latitude and longitude of the first position, in degrees
    every_s: seconds between two reports; by the terminals' own clocks ten seconds and a hundred
        metres lie between them
    """

    start: datetime
    place: tuple[float, float]
    every_s: float = 0.5
    to_the_north: bool = True

    def __post_init__(self) -> None:
        if self.start.microsecond:
            raise ValueError("a terminal's clock tells whole seconds")

    def report(self, n: int, moves: int, *, moving: bool, alarm: int = 0) -> PositionReport:
        """Return the n-th report, sent after `moves` steps."""
        degrees = moves * STEP_M / _METRES_A_DEGREE
        return position_report(
            self.start + timedelta(seconds=STEP_S * n),
            self.place[0] + (degrees if self.to_the_north else -degrees),
            self.place[1],
            speed_kmh=36.0 if moving else 0.0,
            acc=moving,
            alarm=alarm,
        )


class Load:
    """Drives one terminal for each number, in a thread of its own, while the block runs.

    forgetful: the numbers of terminals that keep only alarms when they aren't answered; each
        seventh of their reports is one
    quiet: those of terminals that don't drive, and report what they are given
    spare: numbers whose positions are counted as well, and for which somebody else speaks
    """

    def __init__(
        self,
        port: int,
        phones: Sequence[str],
        drive: Drive,
        *,
        seed: int,
        forgetful: Sequence[str] = (),
        quiet: Sequence[str] = (),
        spare: Sequence[str] = (),
    ) -> None:
        self.drive, self.moves = drive, 0
        self.storing, self.quiet, self.spare = tuple(phones), tuple(quiet), tuple(spare)
        self.offered: dict[str, list[PositionReport]] = {
            phone: [] for phone in (*phones, *forgetful, *quiet, *spare)
        }
        self.acknowledged: set[Key] = set()
        self._port, self._chance = port, Random(seed)
        self._forgetful = frozenset(forgetful)
        self._driving = (*phones, *forgetful)
        self._clients = [self._client(phone, port) for phone in (*self._driving, *quiet)]
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: dict[KeepingTerminal, asyncio.Task[None]] = {}
        self._resting = threading.Event()
        self._rested = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._resting.set()
        self._ended.set()
        self._thread.join()

    @property
    def terminals(self) -> int:
        """How many terminals there are."""
        return len(self._clients)

    @property
    def entered(self) -> int:
        """How many terminals have a link now."""
        return sum(client.entered for client in self._clients)

    @property
    def waiting(self) -> int:
        """How many positions are kept that nobody has acknowledged."""
        return sum(client.waiting for client in self._clients)

    @property
    def forgotten(self) -> int:
        """How many positions forgetful terminals have given up, none of them acknowledged."""
        return sum(client.forgotten for client in self._clients)

    def rest(self) -> None:
        """Stop driving; return when the last positions, all at one place, are on offer."""
        self._resting.set()
        assert self._rested.wait(_RESTED_WITHIN_S), "the terminals' thread has ended"

    def keys(self) -> set[Key]:
        """Return every position that was ever on offer."""
        return {
            key_of(phone, report) for phone, reports in self.offered.items() for report in reports
        }

    def period(self) -> tuple[datetime, datetime]:
        """Return between which times all positions on offer lie, half-open."""
        ends = [one.time for reports in self.offered.values() for one in reports[-1:]]
        last = max((one for one in ends if one is not None), default=self.drive.start)
        return self.drive.start, last + timedelta(seconds=1)

    def next_drive(self, pause: timedelta) -> Drive:
        """Return a drive from where this one has ended, a pause later, and back again."""
        place = self.drive.report(0, max(0, self.moves - 1), moving=False)
        return replace(
            self.drive,
            start=self.period()[1] + pause,
            place=(place.latitude, place.longitude),
            to_the_north=not self.drive.to_the_north,
        )

    def give(self, phone: str, reports: Sequence[PositionReport]) -> None:
        """Let a quiet terminal report these, none older than the start, the newest last."""
        clients = [client for client in self._clients if client.phone == phone]
        self.offered[phone] += reports
        self._in_the_loop(partial(client.offer, one) for client in clients for one in reports)

    def vanish(self, phones: Iterable[str]) -> None:
        """Let these terminals leave their links half open, and come back over new ones."""
        gone = frozenset(phones)
        self._in_the_loop([one.vanish for one in self._clients if one.phone in gone])

    @contextmanager
    def twins(self, phones: Iterable[str], port: int) -> Iterator[None]:
        """Let another terminal of each number report the same over this port, for the block."""
        twins = [self._client(phone, port) for phone in phones]
        self._clients += twins
        self._in_the_loop(partial(self._start, twin) for twin in twins)
        yield
        self._clients = [client for client in self._clients if client not in twins]
        self._in_the_loop(self._tasks[twin].cancel for twin in twins)

    def _client(self, phone: str, port: int) -> KeepingTerminal:
        return KeepingTerminal(
            phone,
            port,
            Random(self._chance.random()),
            Habits(forgets=phone in self._forgetful),
            lambda report: self.acknowledged.add(key_of(phone, report)),
        )

    def _in_the_loop(self, acts: Iterable[Callable[[], object]]) -> None:
        assert self._loop is not None, "the terminals' thread has not begun"
        for act in acts:
            self._loop.call_soon_threadsafe(act)

    def _start(self, client: KeepingTerminal) -> None:
        self._tasks[client] = asyncio.create_task(client.run())

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        for client in self._clients:
            self._start(client)
        while not self._resting.is_set():
            self._report(moving=True)
            await asyncio.sleep(self.drive.every_s)
        for _ in range(_REST_REPORTS):
            self._report(moving=False)
        self._rested.set()
        await asyncio.to_thread(self._ended.wait)
        for task in self._tasks.values():
            task.cancel()
        for end in await asyncio.gather(*self._tasks.values(), return_exceptions=True):
            if isinstance(end, Exception):
                raise end

    def _report(self, *, moving: bool) -> None:
        fresh: dict[str, PositionReport] = {}
        moves = self.moves if moving else max(0, self.moves - 1)
        for phone in self._driving:
            reports = self.offered[phone]
            n = len(reports)
            is_alarm = phone in self._forgetful and n % 7 == 0
            fresh[phone] = self.drive.report(
                n, moves, moving=moving, alarm=_UNDERVOLTAGE * is_alarm
            )
            reports.append(fresh[phone])
        for client in self._clients:
            if client.phone in fresh:
                client.offer(fresh[client.phone])
        self.moves += moving
