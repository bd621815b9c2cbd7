"""After a fix of the codec what is stored is read anew: it supersedes, and overwrites nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from fleet.acts import Act
from fleet.retention.kinds import DataKind
from fleet.retention.running import Erasure
from gateway.terminals.door import TerminalDoor
from gateway.terminals.rereading import jt808_codec
from kit.clock import day_start, shanghai_day
from kit.database import Sessions
from tests.gateway.terminals.wire import PHONE, on_wire, report
from tests.support.world import World
from tests.tracking.received import RULES, Looker
from tracking.redecoding.redecoding import Asked, Redecoded, redecode
from tracking.retention.raw_frames import erase_raw_frames
from tracking.retention.tracks import erase_tracks

KEPT = "SELECT count(*), min(decode_version), max(decode_version) FROM position"
SHOWN = "SELECT time, round(latitude::numeric, 4) FROM positions_once ORDER BY time"
# What a codec of yesterday might have made of three of the five: a wrong place, a wrong time.
MISREAD = """
    UPDATE position SET decode_version = 0, cell = 1,
        latitude = latitude + CASE row_n % 2 WHEN 0 THEN 1 ELSE 0 END,
        time = time - interval '8 hours', own_time = own_time - interval '8 hours'
    WHERE speed_kmh = 40 AND latitude < 40.0503
"""
TOUCHED = """
    SELECT b.terminal_nos, to_timestamp(b.first_times[1]), to_timestamp(b.last_times[1])
    FROM position_batch b JOIN position_writer w ON w.no = b.writer_no
    WHERE w.name = 'redecode jt808'
"""
JOURNALLED = """
    SELECT reason, payload->'before', payload->'after' FROM (
        SELECT no, reason, convert_from(payload, 'UTF8')::jsonb AS payload FROM journal
        WHERE action = 'position.redecode'
    ) j ORDER BY no
"""
NOTED = "SELECT decode_version, last_at FROM superseded_reading ORDER BY last_at"


async def read_anew(sessions: Sessions, day: date, phone: str | None = None) -> Redecoded:
    act = Act(None, datetime.now(UTC), reason="gongche redecode, by the account tester")
    return await redecode(sessions, jt808_codec(RULES), Asked(day, day, phone), act)


async def stored(door: TerminalDoor, noon: datetime, count: int) -> None:
    """So many positions, a second apart, through the door."""
    async with on_wire(door.port) as wire:
        await wire.log_in()
        for n in range(count):
            wire.terminal.report(report(noon + timedelta(seconds=n), n))
        await wire.settled()


def noon_in_china() -> datetime:
    """Noon of yesterday: eight hours before it is still the same day."""
    noon = datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0)
    return noon - timedelta(days=1)


async def test_what_an_older_codec_misread_is_superseded_and_downstream_is_told(
    door: TerminalDoor, looker: Looker, sessions: Sessions, world: World
) -> None:
    noon = noon_in_china()
    day = shanghai_day(noon)
    await stored(door, noon, 5)
    right = await looker.rows(SHOWN)
    await looker.rows(MISREAD)
    assert await looker.rows(SHOWN) != right

    assert await read_anew(sessions, day, "13900000001") == Redecoded(0, 0)
    assert await read_anew(sessions, day, PHONE) == Redecoded(3, 3)

    assert await looker.rows(SHOWN) == right
    assert await looker.rows(KEPT) == [(8, 0, 1)]
    ((terminal_nos, first, last),) = await looker.rows(TOUCHED)
    assert len(terminal_nos) == 1
    assert first == noon - timedelta(hours=8)
    assert last == noon + timedelta(seconds=2)
    assert await read_anew(sessions, day) == Redecoded(0, 0)
    _journal_tells(await looker.rows(JOURNALLED), day)


def _journal_tells(entries: list[tuple[Any, ...]], day: date) -> None:
    """Each of the three runs has its entry, and the change one more, by whom and with counts."""
    assert {reason for reason, _, _ in entries} == {"gongche redecode, by the account tester"}
    run = {"protocol": "jt808", "decode_version": 1, "first": str(day), "last": str(day)}
    nothing = {"read": 0, "changed": 0, "without_raw": 0}
    three = {"read": 3, "changed": 3, "without_raw": 0}
    assert [(before, after) for _, before, after in entries] == [
        (None, {**run, "phone": "13900000001", **nothing}),
        (
            {"superseded_by_version": {"0": 3}},
            {
                "protocol": "jt808", "decode_version": 1, "phone": PHONE, "day": str(day),
                "doubtful": False, **three,
            },
        ),
        (None, {**run, "phone": PHONE, **three}),
        (None, {**run, "phone": None, **nothing}),
    ]  # fmt: skip


async def test_positions_whose_raw_frames_are_erased_stay_as_read_and_are_counted(
    door: TerminalDoor, looker: Looker, sessions: Sessions, world: World
) -> None:
    noon = noon_in_china()
    await stored(door, noon, 4)
    await looker.rows("UPDATE position SET decode_version = 0, latitude = 1")
    tomorrow = day_start(shanghai_day(noon) + timedelta(days=1))
    erasure = Erasure(DataKind.RAW_FRAMES, tomorrow, datetime.now(UTC), dry_run=False)
    assert (await erase_raw_frames(sessions, erasure))["position_raw"] == 4
    shown = await looker.rows(SHOWN)
    assert await read_anew(sessions, shanghai_day(noon)) == Redecoded(0, 0, without_raw=4)
    assert await looker.rows(SHOWN) == shown
    assert await looker.rows(NOTED) == []


async def test_what_is_noted_of_superseded_readings_goes_with_the_last_of_them(
    door: TerminalDoor, looker: Looker, sessions: Sessions, world: World
) -> None:
    noon = noon_in_china()
    day = shanghai_day(noon)
    await stored(door, noon, 2)
    # One was misread into the day before; the right readings stand where they were sent.
    await looker.rows(f"SELECT ensure_position_day('{day - timedelta(days=1)}')")
    await looker.rows(
        "UPDATE position SET decode_version = 0, time = time - interval '1 day',"
        " own_time = own_time - interval '1 day' WHERE row_n = 0 AND latitude < 40.0501"
    )
    await looker.rows("UPDATE position SET decode_version = 0, latitude = 1")
    for asked in (day - timedelta(days=1), day):
        assert await read_anew(sessions, asked) == Redecoded(1, 1)
    assert await looker.rows(NOTED) == [
        (1, noon - timedelta(days=1)),
        (1, noon + timedelta(seconds=1)),
    ]
    shown = await looker.rows(SHOWN)

    async def erase_before(kept: date) -> None:
        now = datetime.now(UTC)
        await erase_tracks(sessions, Erasure(DataKind.TRACKS, day_start(kept), now, False))

    await erase_before(day)
    assert await looker.rows(NOTED) == [(1, noon + timedelta(seconds=1))]
    assert await looker.rows(SHOWN) == shown
    await erase_before(day + timedelta(days=1))
    assert await looker.rows(NOTED) == []
    assert await looker.rows(SHOWN) == []


async def test_a_reading_that_stays_the_same_is_not_stored_again(
    door: TerminalDoor, looker: Looker, sessions: Sessions
) -> None:
    sent = datetime.now(UTC) - timedelta(minutes=1)
    async with on_wire(door.port) as wire:
        await wire.log_in()
        wire.terminal.report(report(sent))
        await wire.settled()
    await looker.rows("UPDATE position SET decode_version = 0")
    day = shanghai_day(sent)
    assert await read_anew(sessions, day) == Redecoded(1, 0)
    assert await looker.rows(KEPT) == [(1, 0, 0)]


async def test_a_repeat_of_superseded_bytes_does_not_bring_the_old_reading_back(
    door: TerminalDoor, looker: Looker, sessions: Sessions
) -> None:
    sent = report(datetime.now(UTC) - timedelta(minutes=1))
    async with on_wire(door.port) as wire:
        await wire.log_in()
        wire.terminal.report(sent)
        await wire.settled()
        await looker.rows("UPDATE position SET decode_version = 0, latitude = 1")
        day = shanghai_day(sent.time or datetime.now(UTC))
        await read_anew(sessions, day)
        wire.terminal.report(sent)
        await wire.settled()
    assert await looker.rows("SELECT latitude FROM positions_once") == [(40.05,)]
