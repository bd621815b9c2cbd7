"""Starts services in order, restarts the one that dies, stops all in reverse order.

Each service is a process (group) of its own, so that Ctrl-C in a terminal reaches the supervisor
only, and each is tied to it by a lifeline (`kit/child.py`), so that none outlives it.
"""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from kit.child_process import ChildFailed, Say
from kit.servers.errors import ServerError


class Service(Protocol):
    """Something that the supervisor keeps running."""

    @property
    def name(self) -> str:
        """What its lines are headed with."""
        ...

    async def start(self) -> None:
        """Return when it is ready; raises ServerError or ChildFailed when it can't be."""
        ...

    async def ended(self) -> str:
        """Wait until it ends by itself; return how, as the rest of a sentence."""
        ...

    async def stop(self) -> None:
        """Stop it; does nothing when it doesn't run."""
        ...


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait before a restart: doubling, and forgiven after a quiet time."""

    first_s: float = 0.5
    most_s: float = 30.0
    forgiven_after_s: float = 60.0

    def __post_init__(self) -> None:
        if not 0 < self.first_s <= self.most_s:
            raise ValueError("0 < first_s <= most_s is needed")

    def delay_s(self, failures: int) -> float:
        """Return the wait before restart number `failures` (from 0) in a row."""
        return min(self.first_s * 2.0 ** min(failures, 60), self.most_s)


class Supervisor:
    """Keeps `services` running until `ask_to_stop`, SIGINT or SIGTERM.

    say: takes each line that an operator should see
    """

    def __init__(
        self, services: Sequence[Service], say: Say, backoff: Backoff | None = None
    ) -> None:
        self._services = services
        self._say = say
        self._backoff = backoff or Backoff()
        self._stopping = asyncio.Event()
        self._begun: list[Service] = []

    async def run(self, on_ready: Callable[[], None] | None = None) -> None:
        """Start everything, keep it running until asked to stop, and stop it.

        on_ready: called once, when all services are ready
        Raises the ServerError or ChildFailed of a service that can't be started at first; what
        was started by then is stopped.
        """
        with self._signals_ask_to_stop():
            try:
                if await self._unless_stopped(self._start_all()):
                    if on_ready is not None:
                        on_ready()
                    async with asyncio.TaskGroup() as keepers:
                        tasks = [keepers.create_task(self._keep(one)) for one in self._begun]
                        await self._stopping.wait()
                        for task in tasks:
                            task.cancel()
            finally:
                await self._stop_all()

    def ask_to_stop(self) -> None:
        """Begin the orderly stop; `run` returns when it is done."""
        self._stopping.set()

    async def _start_all(self) -> None:
        for service in self._services:
            self._begun.append(service)
            began = time.monotonic()
            await service.start()
            self._say(f"{service.name} is ready ({time.monotonic() - began:.1f} s)")

    async def _stop_all(self) -> None:
        while self._begun:
            service = self._begun.pop()
            await service.stop()
            self._say(f"{service.name} has stopped")

    async def _keep(self, service: Service) -> None:
        failures = 0
        while True:
            began = time.monotonic()
            end = await service.ended()
            if time.monotonic() - began > self._backoff.forgiven_after_s:
                failures = 0
            failures = await self._restart(service, end, failures)

    async def _restart(self, service: Service, end: str, failures: int) -> int:
        """Start a service until it is up; return the number of failures in a row so far."""
        while True:
            delay_s = self._backoff.delay_s(failures)
            failures += 1
            self._say(f"{service.name} {end}; starting it again in {delay_s:g} s")
            await asyncio.sleep(delay_s)
            try:
                await service.start()
            except (ServerError, ChildFailed) as error:
                end = f"could not be started: {error}"
            else:
                self._say(f"{service.name} is ready again")
                return failures

    async def _unless_stopped(self, work: Coroutine[None, None, None]) -> bool:
        """Carry out `work`; return False when the stop came first and cut it off."""
        task = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                await task
                return not self._stopping.is_set()
            return False
        finally:
            stopping.cancel()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, ServerError, ChildFailed):
                await task

    @contextlib.contextmanager
    def _signals_ask_to_stop(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        numbers = (signal.SIGINT, signal.SIGTERM)
        for number in numbers:
            loop.add_signal_handler(number, self.ask_to_stop)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)
