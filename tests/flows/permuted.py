"""A vehicle's day as bytes through two gateways: what was sent, by whom, and in which order."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.protocols.jt808.position import PositionReport, position_report
from gateway.terminals.door import TerminalDoor
from kit.bus import Bus
from kit.database import Sessions
from kit.metrics import new_registry
from kit.settings import Settings
from tests.gateway.terminals.wire import on_wire
from tests.tracking.trips.recorded import (
    CITIES,
    Journey,
    Receiver,
    at_lights,
    every,
    moved,
    recorded,
)

# 1,024 weeks behind is repaired. Two digits of a year: a clock of 1970 says 2070; 2000 is stale.
WRONG_CLOCKS = (timedelta(weeks=-1024), timedelta(days=20), timedelta(hours=-8), timedelta(hours=3))
WRONG_YEARS = (2070, 2000)


@dataclass(frozen=True, slots=True)
class Frame:
    """One position of one of a vehicle's two terminals; `blind` ones are sent from its store."""

    terminal: int
    report: PositionReport
    blind: bool


def day_of_frames(begin: datetime, seed: int) -> list[Frame]:
    """What two terminals of one vehicle send of its day, in the order of the truth."""
    chance = random.Random(seed)
    journey = Journey(seed, CITIES[seed % len(CITIES)]).rest(900)
    for legs in (8, 6, 6):
        journey.drive(legs, 800, 45, at_lights).rest(1200)
    shift_s = int(begin.timestamp()) - journey.seconds[0].time_s
    sent: list[tuple[int, int, Frame]] = []
    for terminal, receiver in enumerate((Receiver(3.0), Receiver(8.0, 60))):
        reports = recorded(journey, every(10, 30), receiver)
        # Equal times of different places, as when a report and an event fall into one second.
        reports += [moved(one, 8, 8) for one in reports if chance.random() < 0.03]
        for n, one in enumerate(sorted(reports, key=lambda report: report.time_s)):
            time = datetime.fromtimestamp(one.time_s + shift_s, begin.tzinfo)
            report = position_report(
                _told(time, chance),
                one.lat,
                one.lon,
                speed_kmh=one.speed_kmh,
                odometer_m=one.odometer_m,
                fixed=chance.random() > 0.02,
            )
            sent.append((one.time_s, n, Frame(terminal, report, chance.random() < 0.2)))
    return [frame for *_, frame in sorted(sent, key=lambda row: (row[0], row[2].terminal, row[1]))]


def _told(time: datetime, chance: random.Random) -> datetime:
    """The time as the terminal's clock says it: one in thirty is wrong."""
    if chance.random() > 1 / 30:
        return time
    if chance.random() < 0.5:
        return time.replace(year=chance.choice(WRONG_YEARS), month=1, day=1)
    return time + chance.choice(WRONG_CLOCKS)


def disordered(frames: Sequence[Frame], chance: random.Random, reach: int) -> list[Frame]:
    """The frames in any order in which none overtakes more than about `reach` others."""
    keyed = [(n + chance.uniform(0, reach), n) for n in range(len(frames))]
    return [frames[n] for _, n in sorted(keyed)]


def in_chunks(
    frames: list[Frame], chance: random.Random, sizes: Sequence[int]
) -> list[list[Frame]]:
    """The frames in pieces as a link lasts; a tenth of each piece comes again, in the next one."""
    chunks: list[list[Frame]] = []
    again: list[Frame] = []
    rest = list(frames)
    while rest or again:
        size = chance.choice(sizes)
        piece, rest = rest[:size], rest[size:]
        repeats, again = again, chance.sample(piece, (len(piece) + 9) // 10)
        chunks.append([*piece, *repeats])
    return chunks


class Gateways:
    """Two gateways of one database, each on a port of its own; each may be started anew."""

    def __init__(self, settings: Settings, sessions: Sessions, bus: Bus) -> None:
        self._made = settings, sessions, bus
        self._doors: list[TerminalDoor] = []
        self._stacks: list[AsyncExitStack] = []
        self.restarts = 0

    async def __aenter__(self) -> "Gateways":
        for _ in range(2):
            door, stack = await self._open()
            self._doors.append(door)
            self._stacks.append(stack)
        return self

    async def __aexit__(self, *_: object) -> None:
        for stack in self._stacks:
            await stack.aclose()

    async def restart(self, which: int) -> None:
        """Stop one as for an update, and start another in its stead."""
        await self._stacks[which].aclose()
        self._doors[which], self._stacks[which] = await self._open()
        self.restarts += 1

    async def deliver(
        self, frames: Sequence[Frame], phones: Sequence[str], through: Sequence[int]
    ) -> None:
        """Have each terminal send what is its own, both at once; all is acknowledged.

        through: by which gateway the first and the second terminal send
        """
        async with asyncio.TaskGroup() as group:
            for terminal, (phone, which) in enumerate(zip(phones, through, strict=True)):
                own = [frame for frame in frames if frame.terminal == terminal]
                if own:
                    group.create_task(_send(self._doors[which].port, phone, own))

    async def _open(self) -> tuple[TerminalDoor, AsyncExitStack]:
        stack = AsyncExitStack()
        door = await stack.enter_async_context(TerminalDoor(*self._made, new_registry()))
        return door, stack


async def _send(port: int, phone: str, frames: Sequence[Frame]) -> None:
    async with on_wire(port, phone) as wire:
        await wire.log_in()
        for frame in frames:
            if frame.blind:
                wire.terminal.report_batch((frame.report,))
            else:
                wire.terminal.report(frame.report)
        await wire.settled()
