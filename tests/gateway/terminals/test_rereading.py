"""After a fix of the codec what is stored is read anew: it supersedes, and overwrites nothing."""

from datetime import UTC, datetime, timedelta

from gateway.terminals.door import TerminalDoor
from gateway.terminals.rereading import jt808_codec
from kit.clock import shanghai_day
from kit.database import plain_url
from tests.gateway.terminals.wire import PHONE, on_wire, report
from tests.tracking.received import RULES, Looker
from tracking.redecoding.redecoding import Redecoded, redecode

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


async def test_what_an_older_codec_misread_is_superseded_and_downstream_is_told(
    door: TerminalDoor, looker: Looker, database_url: str
) -> None:
    # Noon in China: eight hours before it is still the same day.
    noon = datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0)
    noon -= timedelta(days=1)
    day = shanghai_day(noon)
    async with on_wire(door.port) as wire:
        await wire.log_in()
        for n in range(5):
            wire.terminal.report(report(noon + timedelta(seconds=n), n))
        await wire.settled()
    right = await looker.rows(SHOWN)
    await looker.rows(MISREAD)
    assert await looker.rows(SHOWN) != right

    codec = jt808_codec(RULES)
    url = plain_url(database_url)
    assert await redecode(url, codec, day, day, "13900000001") == Redecoded(0, 0)
    assert await redecode(url, codec, day, day, PHONE) == Redecoded(3, 3)

    assert await looker.rows(SHOWN) == right
    assert await looker.rows(KEPT) == [(8, 0, 1)]
    ((terminal_nos, first, last),) = await looker.rows(TOUCHED)
    assert len(terminal_nos) == 1
    assert first == noon - timedelta(hours=8)
    assert last == noon + timedelta(seconds=2)
    assert await redecode(url, codec, day, day) == Redecoded(0, 0)


async def test_a_reading_that_stays_the_same_is_not_stored_again(
    door: TerminalDoor, looker: Looker, database_url: str
) -> None:
    sent = datetime.now(UTC) - timedelta(minutes=1)
    async with on_wire(door.port) as wire:
        await wire.log_in()
        wire.terminal.report(report(sent))
        await wire.settled()
    await looker.rows("UPDATE position SET decode_version = 0")
    day = shanghai_day(sent)
    done = await redecode(plain_url(database_url), jt808_codec(RULES), day, day)
    assert done == Redecoded(1, 0)
    assert await looker.rows(KEPT) == [(1, 0, 0)]


async def test_a_repeat_of_superseded_bytes_does_not_bring_the_old_reading_back(
    door: TerminalDoor, looker: Looker, database_url: str
) -> None:
    sent = report(datetime.now(UTC) - timedelta(minutes=1))
    async with on_wire(door.port) as wire:
        await wire.log_in()
        wire.terminal.report(sent)
        await wire.settled()
        await looker.rows("UPDATE position SET decode_version = 0, latitude = 1")
        day = shanghai_day(sent.time or datetime.now(UTC))
        await redecode(plain_url(database_url), jt808_codec(RULES), day, day)
        wire.terminal.report(sent)
        await wire.settled()
    assert await looker.rows("SELECT latitude FROM positions_once") == [(40.05,)]
