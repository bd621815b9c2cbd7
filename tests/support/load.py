"""Terminals under load: they drive, report over real links, and keep what nobody acknowledged."""

import asyncio
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from types import TracebackType
from typing import Self

from demo.simulator.terminal_client import Counts, Identity, LinkTerms, TerminalClient
from gateway.protocols.jt808.position import PositionReport, position_report
from tests.support.terminals import METRES_A_DEGREE

Key = tuple[str, int, int]
"""Number, raw time, digest: what makes a position one and the same."""

_TERMS = LinkTerms(heartbeat_s=5.0, answer_s=4.0, repeats=2, back_off_s=0.2, longest_back_off_s=1.0)
_STEP_S = 10
_STEP_M = 100
_REST_REPORTS = 45


class Load:
    """Drives one terminal for each number, in a thread of its own, while the block runs.

    Each reports every `every_s`; by its own clock ten seconds and a hundred metres lie between
    two reports, from `start` on.
    """

    def __init__(
        self,
        port: int,
        phones: Sequence[str],
        start: datetime,
        place: tuple[float, float],
        *,
        seed: int,
        every_s: float = 0.5,
    ) -> None:
        self.counts = Counts()
        self.offered: dict[str, list[PositionReport]] = {phone: [] for phone in phones}
        self._start, self._place, self._every_s = start.replace(microsecond=0), place, every_s
        self._clients = {
            phone: TerminalClient(
                Identity(phone, "示A10001"),
                "127.0.0.1",
                port,
                Random(seed + n),
                counts=self.counts,
                terms=_TERMS,
            )
            for n, phone in enumerate(phones)
        }
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
    def entered(self) -> int:
        """How many terminals have a link now."""
        return sum(client.entered for client in self._clients.values())

    @property
    def waiting(self) -> int:
        """How many positions nobody has acknowledged."""
        return sum(client.waiting for client in self._clients.values())

    def rest(self) -> None:
        """Stop driving; return when the last positions, all at one place, are on offer."""
        self._resting.set()
        assert self._rested.wait(30)

    def keys(self) -> set[Key]:
        """Return every position that was ever on offer."""
        return {
            (phone, int.from_bytes(report.time_raw), report.digest())
            for phone, reports in self.offered.items()
            for report in reports
        }

    async def _run(self) -> None:
        tasks = [asyncio.create_task(client.run()) for client in self._clients.values()]
        while not self._resting.is_set():
            self._report(moving=True)
            await asyncio.sleep(self._every_s)
        for _ in range(_REST_REPORTS):
            self._report(moving=False)
        self._rested.set()
        while not self._ended.is_set():
            await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _report(self, *, moving: bool) -> None:
        for phone, client in self._clients.items():
            reports = self.offered[phone]
            driven = len(reports) if moving else len(reports) - self._rests(phone)
            report = position_report(
                self._start + timedelta(seconds=_STEP_S * len(reports)),
                self._place[0] + driven * _STEP_M / METRES_A_DEGREE,
                self._place[1],
                speed_kmh=36.0 if moving else 0.0,
                acc=moving,
            )
            reports.append(report)
            client.offer(report)

    def _rests(self, phone: str) -> int:
        rests = 0
        for report in reversed(self.offered[phone]):
            if report.speed_tenths:
                break
            rests += 1
        return rests + 1
