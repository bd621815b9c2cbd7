"""The terminals' door over real TCP, against a real database."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from fleet.acts import Act
from fleet.terminals.bindings import add_terminal
from fleet.words import Authentication
from gateway.protocols.jt808 import session_messages as sm
from gateway.protocols.jt808.terminal_side import Heard, Jt808Terminal
from gateway.terminals.door import TerminalDoor
from kit.bus import Bus
from kit.database import Sessions, transaction
from kit.metrics import new_registry
from kit.settings import Settings
from tests.gateway.terminals.wire import PHONE, on_wire, report
from tests.support.world import World
from tests.tracking.received import Looker, looking_at, soon

ONCE = "SELECT count(*) FROM positions_once"
QUARANTINED = "SELECT phone, reason FROM quarantined_frame ORDER BY no"


def now() -> datetime:
    return datetime.now(UTC)


def results(heard: list[Heard]) -> list[int]:
    return [h.message.result for h in heard if isinstance(h.message, sm.PlatformAnswer)]


async def blocked(url: str) -> bool:
    async with looking_at(url) as other:
        waiting: int = await other.value("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return waiting > 0


async def test_a_terminal_registers_authenticates_and_reports(
    door: TerminalDoor, looker: Looker, world: World
) -> None:
    async with on_wire(door.port) as wire:
        await wire.log_in()
        assert wire.terminal.token
        wire.terminal.report(report(now()))
        assert results(await wire.settled()) == [sm.Result.OK]
    stored = await looker.rows("SELECT terminal_no, latitude, reasons FROM positions_once")
    assert stored == [(world.terminals["a1"].no, 40.05, 0)]
    journalled = "SELECT count(*) FROM journal WHERE action = 'terminal.register'"
    assert await looker.value(journalled) == 1


async def test_a_position_is_answered_only_after_its_commit(
    door: TerminalDoor, looker: Looker, database_url: str
) -> None:
    async with on_wire(door.port) as wire:
        await wire.log_in()
        wire.terminal.report(report(now()))
        await wire.settled()
        async with looker.connection.transaction():
            await looker.rows("LOCK TABLE position IN ACCESS EXCLUSIVE MODE")
            wire.terminal.report(report(now(), 1))
            wire.send()
            await soon(lambda: blocked(database_url))
            wire.terminal.heartbeat()
            assert [h.message.answered_id for h in await wire.answered()] == [0x0002]  # type: ignore[union-attr]
        await wire.settled()
    assert await looker.value(ONCE) == 2


async def test_a_wrong_token_is_refused_and_its_positions_are_quarantined(
    door: TerminalDoor, looker: Looker
) -> None:
    async with on_wire(door.port) as wire:
        await wire.log_in()
    async with on_wire(door.port) as wire:
        wire.terminal.authenticate("not-the-token")
        assert results(await wire.answered()) == [sm.Result.FAILED]
        wire.terminal.report(report(now()))
        assert results(await wire.answered()) == [sm.Result.FAILED]
    assert await looker.value(ONCE) == 0
    assert await looker.rows(QUARANTINED) == [(PHONE, "wrong token"), (PHONE, "not authenticated")]
    assert not await looker.rows("SELECT 1 FROM unknown_terminal")


async def test_an_unknown_terminal_is_quarantined_and_listed_and_never_stored(
    door: TerminalDoor, looker: Looker
) -> None:
    stranger = "13812345678"
    async with on_wire(door.port, stranger) as wire:
        wire.terminal.register(sm.Registration(23, 100, "TEST", "T-1", "1", 1, "示Z99\x00999"))
        answers = [h.message for h in await wire.answered()]
        assert [a.result for a in answers if isinstance(a, sm.RegistrationAnswer)] == [4]
        wire.terminal.report(report(now()))
        assert results(await wire.answered()) == [sm.Result.FAILED]
    assert await looker.value(ONCE) == 0
    assert {r for _, r in await looker.rows(QUARANTINED)} == {"unknown terminal"}
    listed = await looker.rows("SELECT phone, frames FROM unknown_terminal")
    assert listed == [(stranger, 2)]


async def test_another_number_on_an_authenticated_link_is_quarantined(
    door: TerminalDoor, looker: Looker
) -> None:
    async with on_wire(door.port) as wire:
        await wire.log_in()
        other = Jt808Terminal("13900000001")
        other.report(report(now()))
        wire.writer.write(other.data_to_send())
        assert results(await wire.answered()) == [sm.Result.FAILED]
        wire.terminal.report(report(now()))
        await wire.settled()
    assert await looker.value(ONCE) == 1
    assert await looker.rows(QUARANTINED) == [("13900000001", "another number on this link")]


async def test_a_wrong_checksum_is_counted_and_kept_raw_and_not_answered(
    door: TerminalDoor, looker: Looker
) -> None:
    async with on_wire(door.port) as wire:
        await wire.log_in()
        wire.terminal.report(report(now()))
        frame = bytearray(wire.terminal.data_to_send())
        frame[20] ^= 0x01
        wire.writer.write(bytes(frame))
        wire.terminal.heartbeat()
        assert [h.message.answered_id for h in await wire.answered()] == [0x0002]  # type: ignore[union-attr]
        wire.terminal.report(report(now(), 1))
        wire.send()
        while len(wire.terminal.unacknowledged) > 1:
            await wire.hear()
    assert await looker.value(ONCE) == 1
    kept = await looker.rows("SELECT reason, raw FROM quarantined_frame")
    assert [reason for reason, _ in kept] == ["checksum"]
    assert bytes(frame).strip(b"\x7e") in kept[0][1]


async def test_a_flood_of_defects_closes_the_link(door: TerminalDoor, looker: Looker) -> None:
    async with on_wire(door.port) as wire, on_wire(door.port, "13900000001") as other:
        await other.log_in()
        wire.writer.write(b"\x7e\x02\x00\x00\x01\x7e" * 40)
        await wire.ended()
        other.terminal.report(report(now()))
        await other.settled()
    assert await looker.value(ONCE) == 1


async def test_what_was_decoded_before_a_flood_was_noticed_is_not_kept(
    door: TerminalDoor, settings: Settings, looker: Looker
) -> None:
    async with on_wire(door.port) as wire:
        wire.writer.write(b"\x7e\x7d" * 1500)
        await wire.ended()
    limit = settings.link_defects_limit
    await soon(lambda: _kept(looker, limit))
    async with on_wire(door.port, "13900000001") as other:
        # Commits go in order: after this answer nothing of the burst is still on its way.
        await other.log_in()
        other.terminal.report(report(now()))
        await other.settled()
    assert limit < len(await looker.rows(QUARANTINED)) <= limit + 2


async def test_a_registration_of_an_unknown_terminal_is_kept_whole(
    door: TerminalDoor, looker: Looker
) -> None:
    async with on_wire(door.port, "13812345678") as wire:
        wire.terminal.register(sm.Registration(23, 100, "TEST", "T-1", "1", 1, "示Z99999"))
        sent = wire.terminal.data_to_send()
        wire.writer.write(sent)
        await wire.answered()
    await soon(lambda: _kept(looker))
    assert await looker.rows("SELECT raw FROM quarantined_frame") == [(sent,)]


async def test_a_newer_link_takes_over_and_the_old_one_ends(
    door: TerminalDoor, looker: Looker
) -> None:
    async with on_wire(door.port) as old:
        await old.log_in()
        async with on_wire(door.port) as new:
            new.terminal.authenticate(old.terminal.token)
            await new.settled()
            await old.ended()
            new.terminal.report(report(now()))
            await new.settled()
    assert await looker.value(ONCE) == 1
    assert await looker.value("SELECT link_epoch FROM terminal WHERE phone = %s", PHONE) == 2


async def test_a_link_overtaken_in_another_process_ends(
    door: TerminalDoor, settings: Settings, sessions: Sessions, redis_url: str
) -> None:
    bus = Bus(redis_url)
    async with (
        TerminalDoor(settings, sessions, bus, new_registry()) as elsewhere,
        on_wire(door.port) as old,
    ):
        await old.log_in()
        async with on_wire(elsewhere.port) as new:
            new.terminal.authenticate(old.terminal.token)
            await new.settled()
            await old.ended()
            new.terminal.heartbeat()
            await new.settled()
    await bus.close()


async def test_a_graceful_stop_commits_answers_and_closes(
    settings: Settings, sessions: Sessions, world: World, looker: Looker, database_url: str
) -> None:
    bus = Bus(settings.required_redis_url)
    door = TerminalDoor(settings, sessions, bus, new_registry())
    await door.__aenter__()
    async with on_wire(door.port) as wire:
        await wire.log_in()
        wire.terminal.report(report(now()))
        await wire.settled()
        async with looker.connection.transaction():
            await looker.rows("LOCK TABLE position IN ACCESS EXCLUSIVE MODE")
            for n in range(1, 6):
                wire.terminal.report(report(now(), n))
            wire.send()
            await soon(lambda: blocked(database_url))
            port = door.port
            stopping = asyncio.create_task(door.__aexit__())
            await soon(lambda: _refuses(port))
        await stopping
        while wire.terminal.unacknowledged:
            await wire.hear()
        await wire.ended()
    await bus.close()
    assert await looker.value(ONCE) == 6


async def _refuses(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return True
    writer.transport.abort()
    return False


async def test_half_a_frame_and_slow_bytes_cost_the_others_nothing(
    door: TerminalDoor, looker: Looker
) -> None:
    async with on_wire(door.port) as slow, on_wire(door.port, "13900000001") as other:
        await other.log_in()
        slow.terminal.register(sm.Registration(23, 100, "T", "T", "1", 1, "示A10001"))
        frame = slow.terminal.data_to_send()
        for n in range(len(frame) - 1):
            slow.writer.write(frame[n : n + 1])
            other.terminal.report(report(now() - timedelta(seconds=n), n))
            await other.settled()
        slow.writer.write(frame[-1:])
        await slow.hear()
        assert slow.terminal.token
        slow.writer.write(b"\x7e" + b"\x02" * 30)
    assert await looker.value(ONCE) == len(frame) - 1
    await soon(lambda: _kept(looker))


async def _kept(looker: Looker, at_least: int = 1) -> bool:
    return len(await looker.rows(QUARANTINED)) >= at_least


async def test_a_device_known_by_its_number_alone_reports_at_once(
    door: TerminalDoor, sessions: Sessions, world: World, looker: Looker
) -> None:
    async with transaction(sessions) as session:
        await add_terminal(
            session,
            Act(actor=None, now=world.now),
            phone="13855556666",
            organisation=world.organisations["a"],
            authentication=Authentication.NUMBER,
        )
    async with on_wire(door.port, "13855556666") as wire:
        wire.terminal.report(report(now()))
        assert results(await wire.settled()) == [sm.Result.OK]
    assert await looker.value(ONCE) == 1


async def test_a_position_sent_again_over_another_link_is_answered_and_counted_once(
    door: TerminalDoor, looker: Looker
) -> None:
    positions = tuple(report(now() - timedelta(seconds=n), n) for n in range(10))
    async with on_wire(door.port) as wire:
        await wire.log_in()
        for one in positions:
            wire.terminal.report(one)
        await wire.settled()
        token = wire.terminal.token
    async with on_wire(door.port) as wire:
        wire.terminal.authenticate(token)
        wire.terminal.heartbeat()
        wire.terminal.report_batch(positions)
        wire.terminal.report(positions[3])
        assert results(await wire.settled()) == [0, 0, 0, 0]
    assert await looker.value("SELECT count(*) FROM position") == 21
    assert await looker.value(ONCE) == 10
    assert await looker.value("SELECT bool_or(backfilled) FROM positions_once") is False


async def test_links_end_when_nothing_can_be_committed_and_are_admitted_again(
    sessions: Sessions, world: World, looker: Looker, settings: Settings
) -> None:
    bus = Bus(settings.required_redis_url)
    impatient = settings.model_copy(update={"commit_patience_s": 0.5})
    async with TerminalDoor(impatient, sessions, bus, new_registry()) as door:
        port = door.port
        async with on_wire(port) as wire:
            await wire.log_in()
            wire.terminal.report(report(now()))
            await wire.settled()
            terminal = wire.terminal
            async with looker.connection.transaction():
                await looker.rows("LOCK TABLE position, position_batch IN ACCESS EXCLUSIVE MODE")
                terminal.report(report(now(), 1))
                wire.send()
                await wire.ended()
                unsure = terminal.link_lost()
                assert len(unsure) == 1
                assert await _refuses(port)
        await soon(lambda: _accepts(port))
        async with on_wire(port, terminal=terminal) as wire:
            terminal.authenticate()
            await wire.settled()
            terminal.report_batch(unsure)
            await wire.settled()
    await bus.close()
    assert await looker.value(ONCE) == 2


async def _accepts(port: int) -> bool:
    return not await _refuses(port)


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_any_split_of_the_bytes_is_understood(
    door: TerminalDoor, looker: Looker, size: int
) -> None:
    async with on_wire(door.port) as wire:
        await wire.log_in()
        for n in range(5):
            wire.terminal.report(report(now() - timedelta(seconds=n), n))
        data = wire.terminal.data_to_send()
        for start in range(0, len(data), size):
            wire.writer.write(data[start : start + size])
            await wire.writer.drain()
        await wire.settled()
    assert await looker.value(ONCE) == 5


async def test_two_doors_on_one_port_share_the_links(
    door: TerminalDoor, settings: Settings, sessions: Sessions, redis_url: str
) -> None:
    bus = Bus(redis_url)
    same_port = settings.model_copy(update={"jt808_port": door.port})
    async with TerminalDoor(same_port, sessions, bus, new_registry()) as other:
        assert other.port == door.port
        writers = [(await asyncio.open_connection("127.0.0.1", door.port))[1] for _ in range(40)]
        await soon(lambda: door.held + other.held == len(writers))
        # The kernel spreads by a hash of the address: all on one side is one case in 2^39.
        assert door.held > 0
        assert other.held > 0
        for writer in writers:
            writer.transport.abort()
        await soon(lambda: door.held + other.held == 0)
    await bus.close()


async def test_a_burst_with_odd_frames_among_it_is_answered_as_each_deserves(
    door: TerminalDoor, looker: Looker
) -> None:
    async with on_wire(door.port) as wire:
        await wire.log_in()
        other = Jt808Terminal("13900000001")
        burst = b""
        for n in range(30):
            wire.terminal.report(report(now() - timedelta(seconds=n), n))
            burst += wire.terminal.data_to_send()
            if n % 10 == 3:
                other.report(report(now(), n))
                burst += other.data_to_send()
            if n % 10 == 7:
                burst += b"\x7e\x02\x00" + b"\x11" * 50 + b"\x7e"
        wire.writer.write(burst)
        heard = await wire.settled()
        while sum(result == sm.Result.FAILED for result in results(heard)) < 3:
            heard += await wire.hear()
        assert sum(result == sm.Result.OK for result in results(heard)) == 30
    assert await looker.value(ONCE) == 30
    kept = await looker.rows("SELECT reason, count(*) FROM quarantined_frame GROUP BY 1 ORDER BY 1")
    assert kept == [("another number on this link", 3), ("checksum", 3)]


async def test_what_a_peer_sent_before_it_hung_up_is_stored(
    door: TerminalDoor, looker: Looker, database_url: str
) -> None:
    async with on_wire(door.port) as wire:
        await wire.log_in()
        async with looker.connection.transaction():
            await looker.rows("LOCK TABLE position IN ACCESS EXCLUSIVE MODE")
            wire.terminal.report(report(now()))
            wire.send()
            await soon(lambda: blocked(database_url))
            for n in range(1, 6):
                wire.terminal.report(report(now(), n))
            wire.send()
            wire.writer.write_eof()
            await soon(lambda: door.held == 0)
    await soon(lambda: _counts(looker, 6))


async def _counts(looker: Looker, count: int) -> bool:
    return bool(await looker.value(ONCE) == count)
