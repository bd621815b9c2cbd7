"""Links that fall silent, come by the dozen or read nothing: they harm nobody but themselves."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest

from gateway.terminals.admission import Admission
from gateway.terminals.door import TerminalDoor
from kit.bus import Bus
from kit.database import Sessions
from kit.metrics import new_registry
from kit.settings import Settings
from tests.gateway.terminals.wire import on_wire, report
from tests.support.world import World
from tests.tracking.received import Looker, soon

ONCE = "SELECT count(*) FROM positions_once"
OTHER = "13900000001"
ELSEWHERE = "127.0.0.61"


def now() -> datetime:
    return datetime.now(UTC)


async def test_a_half_open_link_ends_after_the_idle_time_and_its_terminal_is_let_in_at_once(
    door: TerminalDoor, settings: Settings, looker: Looker
) -> None:
    async with on_wire(door.port) as silent, on_wire(door.port) as silent_too:
        await silent.log_in()
        # Its terminal has lost the link unnoticed, and comes over a new one.
        async with on_wire(door.port, terminal=silent.terminal) as wire:
            wire.terminal.authenticate()
            await wire.settled()
            wire.terminal.report(report(now()))
            await wire.settled()
        await soon(lambda: door.held == 1)
        door.end_idle_links(door.clock_s() + settings.link_idle_s + 1)
        await silent_too.ended()
        assert door.held == 0
    assert await looker.value(ONCE) == 1


async def test_more_links_of_one_address_than_allowed_are_refused_and_other_addresses_are_not(
    settings: Settings, sessions: Sessions, world: World, looker: Looker
) -> None:
    bus = Bus(settings.required_redis_url)
    narrow = settings.model_copy(update={"links_per_address": 5})
    async with (
        TerminalDoor(narrow, sessions, bus, new_registry()) as door,
        AsyncExitStack() as stack,
    ):
        # Streams are closed when nobody holds them any more.
        streams = [await _connect(door.port) for _ in range(6)]
        for _, writer in streams:
            stack.callback(writer.transport.abort)
        async with asyncio.timeout(20):
            assert await _ends(streams[-1][0])
        assert door.held == 5
        async with on_wire(door.port) as wire:
            await wire.log_in()
            wire.terminal.report(report(now()))
            await wire.settled()
    await bus.close()
    assert await looker.value(ONCE) == 1


async def test_a_stranger_who_drips_bytes_is_sent_away_and_a_known_terminal_stays(
    door: TerminalDoor, settings: Settings
) -> None:
    async with on_wire(door.port) as known, on_wire(door.port) as stranger:
        await known.log_in()
        began_s = door.clock_s()
        stranger.writer.write(b"\x7e\x02")
        await soon(lambda: door.held == 2)
        door.end_idle_links(began_s + settings.link_identify_s - 1)
        assert door.held == 2
        stranger.writer.write(b"\x00")
        door.end_idle_links(door.clock_s() + settings.link_identify_s + 1)
        await stranger.ended()
        known.terminal.heartbeat()
        assert await known.settled()
        assert door.held == 1


async def test_refused_frames_of_one_address_are_kept_within_bounds_however_often_it_comes(
    settings: Settings, sessions: Sessions, world: World, looker: Looker
) -> None:
    bus = Bus(settings.required_redis_url)
    narrow = settings.model_copy(update={"address_defects_limit": 30, "link_defects_limit": 20})
    async with TerminalDoor(narrow, sessions, bus, new_registry()) as door:
        for _ in range(5):
            async with on_wire(door.port) as flood:
                flood.writer.write(b"\x7e" + b"\x01\x7e" * 40)
                await flood.ended()
        async with on_wire(door.port) as wire:
            await wire.log_in()
            wire.terminal.report(report(now()))
            await wire.settled()
    await bus.close()
    assert await looker.value(ONCE) == 1
    # The 21st ends the first link; a minute may end between two.
    assert 30 <= await looker.value("SELECT count(*) FROM quarantined_frame") <= 60


async def test_a_link_that_says_too_much_rests_and_is_heard_again(
    settings: Settings, sessions: Sessions, world: World
) -> None:
    bus = Bus(settings.required_redis_url)
    calm = settings.model_copy(update={"link_messages_per_s": 5})
    async with (
        TerminalDoor(calm, sessions, bus, new_registry()) as door,
        on_wire(door.port) as wire,
    ):
        await wire.log_in()
        for _ in range(20):
            wire.terminal.heartbeat()
        await wire.settled()
        assert door.resting
        wire.terminal.heartbeat()
        await wire.settled()
    await bus.close()


async def test_a_door_whose_work_fails_says_so(
    settings: Settings, sessions: Sessions, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = Bus(settings.required_redis_url)

    def fail(_most: int) -> None:
        raise RuntimeError("a bug")

    async def work() -> None:
        async with TerminalDoor(settings, sessions, bus, new_registry()) as door:
            monkeypatch.setattr(door.gathering, "submit_some", fail)
            async with on_wire(door.port) as wire:
                await wire.log_in()
                wire.terminal.report(report(now()))
                wire.send()
                async with asyncio.timeout(20):
                    await door.until(asyncio.Event())

    with pytest.raises(RuntimeError, match="a bug"):
        await work()
    await bus.close()


def test_one_address_gets_half_of_a_seconds_admissions() -> None:
    admission = Admission(Settings(readmission_links_per_s=10, links_per_address=1_000))
    assert [admission.admit("a", 7.1) for _ in range(8)] == [True] * 5 + [False] * 3
    assert [admission.admit(one, 7.9) for one in "bcdefgh"] == [True] * 5 + [False] * 2
    assert admission.admit("a", 8.0)


async def test_a_flood_of_frames_whose_answers_nobody_reads_is_stored_and_answered_in_the_end(
    door: TerminalDoor, looker: Looker
) -> None:
    async with on_wire(door.port) as flood, on_wire(door.port, OTHER) as other:
        await flood.log_in()
        await other.log_in()
        for n in range(3_000):
            flood.terminal.report(report(now() - timedelta(seconds=n), n % 500))
        flood.send()
        for n in range(5):
            other.terminal.report(report(now() - timedelta(seconds=n), n))
            await other.settled()
        await flood.settled()
    assert await looker.value(ONCE) == 3_005


async def _connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port, local_addr=(ELSEWHERE, 0))


async def _ends(reader: asyncio.StreamReader) -> bool:
    try:
        return not await reader.read(1)
    except ConnectionError:
        return True
