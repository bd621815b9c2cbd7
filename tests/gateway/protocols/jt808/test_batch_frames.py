"""The batch decoder and the scalar codec say the same."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.protocols.jt808 import events as ev
from gateway.protocols.jt808.batch_frames import decode_frames
from gateway.protocols.jt808.batch_messages import read_plain_batch
from gateway.protocols.jt808.batch_positions import decode_all, decode_bodies
from gateway.protocols.jt808.batch_times import UNKNOWN, read_china_times
from gateway.protocols.jt808.framing import FLAG, frame
from gateway.protocols.jt808.header import Edition, encode_header, plain_header
from gateway.protocols.jt808.position import Item, PositionReport
from gateway.protocols.jt808.session import Jt808Session
from gateway.protocols.jt808.times import CHINA_TIME
from tests.gateway.protocols.jt808.samples import (
    ALL_CAPTURED,
    NOW,
    damaged,
    needs_captured,
    positions,
    word,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Told = tuple[object, ...]
editions = st.sampled_from([Edition.V2013, Edition.V2019])
phones = st.text("0123456789", min_size=1, max_size=12)


def us_of(time: datetime | None) -> int:
    return UNKNOWN if time is None else (time - EPOCH) // timedelta(microseconds=1)


def told_of(report: PositionReport) -> Told:
    odometer_m = report.odometer_m
    return (
        us_of(report.time),
        int.from_bytes(report.time_raw),
        report.latitude,
        report.longitude,
        report.altitude_m,
        report.speed_kmh,
        report.course_deg,
        UNKNOWN if odometer_m is None else odometer_m,
        report.acc,
        report.fixed,
        bool(report.status & 32),
        report.alarm,
        report.status,
        report.digest(),
        report.body,
    )


def scalar(chunk: bytes) -> tuple[str, int | None, int, Told] | None:
    """Number, version, serial and position; None if the chunk is no single plain position."""
    match Jt808Session().receive(FLAG + chunk + FLAG, NOW):
        case [ev.PositionsReceived(header, (serial,), _, (report,), False)] if not header.package:
            version = header.protocol_version
            return header.phone.zfill(20), version, serial, told_of(report)
    return None


def batch(chunks: list[bytes]) -> dict[int, tuple[str, int | None, int, Told]]:
    """The same by position in `chunks`, of those that the batch decoder reads."""
    arrays = decode_frames(chunks)
    p = arrays.positions
    columns = [
        *(p.time_us, p.time_raw, p.latitude, p.longitude, p.altitude_m, p.speed_kmh),
        *(p.course_deg, p.odometer_m, p.acc, p.fixed, p.encrypted, p.alarm, p.status, p.digest),
    ]
    told = zip(*[column.tolist() for column in columns], p.raw, strict=True)
    return {
        index: (phone.tobytes().hex(), None if version < 0 else version, serial, row)
        for index, phone, version, serial, row in zip(
            arrays.index.tolist(),
            arrays.phone,
            arrays.version.tolist(),
            arrays.serial.tolist(),
            told,
            strict=True,
        )
    }


def payload(phone: str, serial: int, edition: Edition, body: bytes) -> bytes:
    header = plain_header(0x0200, phone, serial, edition)
    return encode_header(header.carrying(len(body))) + body


payloads = st.builds(
    payload,
    phones,
    word,
    editions,
    st.binary(min_size=28, max_size=90) | positions.map(lambda p: p.body),
)
bare = payloads.map(lambda one: frame(one)[1:-1])


@st.composite
def odd_chunks(draw: st.DrawFn) -> bytes:
    """A position frame in which something is not as it should be, flags excepted."""
    good = bytearray(draw(payloads))
    kind = draw(st.integers(0, 5))
    if kind == 0:  # any attributes: encrypted, in packages, of another length or version
        good[2:4] = draw(st.binary(min_size=2, max_size=2))
    elif kind == 1:  # cut or longer, with a right checksum
        good = bytearray(draw(st.sampled_from([good[:-3], good[:20], good + b"\0", good[:12]])))
    elif kind == 2:
        good[0:2] = draw(st.sampled_from([b"\x02\x01", b"\x07\x04", b"\x00\x02", b"\x55\x01"]))
    elif kind == 3:
        return damaged(bytes(good))[1:-1]
    elif kind == 4:  # an escape that is none, perhaps the last byte
        raw = bytearray(frame(bytes(good))[1:-1])
        raw.insert(draw(st.integers(0, len(raw))), 0x7D)
        return bytes(raw)
    return frame(bytes(good))[1:-1]


hostile = st.binary(min_size=1, max_size=60).map(lambda b: b.replace(FLAG, b"\x7d\x02"))


@given(st.lists(bare, max_size=6))
def test_every_plain_frame_is_read_and_says_what_the_scalar_codec_says(chunks: list[bytes]):
    assert batch(chunks) == {n: scalar(chunk) for n, chunk in enumerate(chunks)}


@given(st.lists(bare | odd_chunks() | hostile, max_size=6))
@example([b"\x7d", b"\x02\x00\x7d", b"\x01"])
def test_whatever_is_read_among_odd_and_hostile_frames_is_what_the_scalar_codec_says(
    chunks: list[bytes],
):
    for n, told in batch(chunks).items():
        assert told == scalar(chunks[n])


@needs_captured
def test_captured_positions_are_read_alike():
    chunks = [one.wire[1:-1] for one in ALL_CAPTURED if FLAG not in one.wire[1:-1]]
    expected = {n: told for n, chunk in enumerate(chunks) if (told := scalar(chunk))}
    read = batch(chunks)
    assert len(read) > 20
    assert read.items() <= expected.items()
    # What the flag of a header contradicts is left to the scalar codec.
    assert len(expected) - len(read) <= 2


@given(
    st.binary(min_size=6, max_size=6)
    | st.from_regex(rb"[0-9]{12}", fullmatch=True).map(
        lambda digits: bytes.fromhex(digits.decode())
    )
)
@example(bytes.fromhex("240229235959"))
@example(bytes.fromhex("250229000000"))
@example(bytes.fromhex("991231235959"))
def test_times_are_read_alike(six: bytes):
    times, raw = read_china_times(np.frombuffer(six, np.uint8)[None, :])
    assert times.tolist() == [us_of(CHINA_TIME.decode(six))]
    assert raw.tolist() == [int.from_bytes(six)]


@pytest.mark.parametrize("year", [2000, 2024, 2027, 2099])
def test_each_day_of_a_year_is_read_alike(year: int):
    days = [datetime(year, 1, 1, 8, tzinfo=UTC) + timedelta(days=n) for n in range(365)]
    written = b"".join(map(CHINA_TIME.encode, days))
    times, _ = read_china_times(np.frombuffer(written, np.uint8).reshape(-1, 6))
    assert times.tolist() == [us_of(day) for day in days]


@given(positions, st.integers(0, 80))
def test_an_odometer_behind_many_items_is_found_or_left_to_the_scalar_codec(
    report: PositionReport, before: int
):
    many = tuple(Item(0x40 + n % 9, b"x" * (n % 3)) for n in range(before))
    body = PositionReport(
        *(getattr(report, name) for name in PositionReport.__slots__[:8]),
        (*many, Item(1, b"\0\1\2\3"), *report.items),
    ).body
    arrays = decode_bodies([body])
    assert arrays.sure.tolist() == [before < 32]
    if before < 32:
        assert arrays.odometer_m.tolist() == [0x010203 * 100]


def test_no_frames_are_no_positions():
    assert batch([]) == {}


def plain_by_scalar(chunk: bytes) -> tuple[object, ...] | None:
    """Header, whether blind, and bodies; None if the chunk is no batch of nothing but positions."""
    match Jt808Session().receive(FLAG + chunk + FLAG, NOW):
        case [ev.PositionsReceived(header, _, _, reports, True, blind, ())] if reports:
            return header, blind, tuple(report.body for report in reports)
    return None


batch_items = st.lists(
    st.binary(min_size=28, max_size=50) | st.binary(min_size=0, max_size=30), max_size=4
)


@given(batch_items, st.integers(0, 1), st.binary(max_size=2), st.integers(0, 9))
def test_a_batch_message_is_read_whole_as_the_scalar_codec_reads_it_or_not_at_all(
    many: list[bytes], kind: int, tail: bytes, wrong: int
):
    packed = b"".join(len(item).to_bytes(2) + item for item in many)
    body = len(many).to_bytes(2) + bytes([kind]) + packed + tail
    header = plain_header(0x0704, "13900000000", 7, Edition.V2013)
    payload = encode_header(header.carrying(len(body))) + body
    chunk = (damaged(payload) if wrong == 9 else frame(payload))[1:-1]
    read = read_plain_batch(chunk)
    told = read and (read.header, read.blind, read.bodies)
    assert told == plain_by_scalar(chunk)


def test_an_odometer_left_open_is_read_by_the_scalar_codec():
    body = bytes(28) + b"\x40\0" * 40 + b"\x01\x04\0\0\0\x07"
    assert decode_all([body, bytes(28)]).odometer_m.tolist() == [700, UNKNOWN]
