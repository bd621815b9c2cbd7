"""Position reports: exactly what was sent, and what it means."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.protocols.jt808.errors import FieldError
from gateway.protocols.jt808.position import (
    Item,
    PositionReport,
    decode_position,
    position_report,
)
from tests.gateway.protocols.jt808.samples import NOW, OWN_DIR, positions, times

VECTORS = json.loads((OWN_DIR / "positions.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_position_of_the_standards_table_is_read(vector: dict[str, Any]):
    body = bytes.fromhex("".join(octets for _, octets in vector["fields"]))
    report = decode_position(body)
    seen = {name: getattr(report, name) for name in vector["expected"]}
    seen["time"] = report.time and report.time.isoformat()
    seen["items_tail"] = report.items_tail.hex()
    assert seen == vector["expected"]
    assert report.body == body


@given(positions)
def test_a_report_is_read_back_from_its_body(report: PositionReport):
    assert decode_position(report.body) == report


@given(st.binary(min_size=28, max_size=120))
def test_any_28_bytes_and_more_are_a_position_and_come_back_unchanged(body: bytes):
    report = decode_position(body)
    assert report.body == body
    assert -(2**63) <= report.digest() < 2**63
    assert report.time is None or report.time.tzinfo is UTC


@given(st.binary(max_size=27))
def test_less_than_the_basic_block_is_no_position(body: bytes):
    with pytest.raises(FieldError):
        decode_position(body)


@given(st.binary(min_size=28, max_size=60), st.data())
def test_every_single_bit_is_part_of_the_digest(body: bytes, data: st.DataObject):
    bit = data.draw(st.integers(0, 8 * len(body) - 1))
    flipped = bytearray(body)
    flipped[bit // 8] ^= 1 << bit % 8
    assert decode_position(bytes(flipped)).digest() != decode_position(body).digest()


def test_a_digest_is_the_same_in_every_process():
    # The value is that of `head -c 28 /dev/zero | b2sum -l 64`.
    assert decode_position(bytes(28)).digest() == 9143349060394816350


@given(times)
def test_a_time_is_read_back_in_utc(time: datetime):
    if time.astimezone(timezone(timedelta(hours=8))).year <= 2099:
        assert position_report(time, 0, 0).time == time


def test_a_helper_builds_what_the_properties_say():
    report = position_report(
        NOW,
        -39.9,
        116.4,
        speed_kmh=33.3,
        course_deg=450,
        odometer_m=12_345,
        satellites=9,
        acc=False,
        extra_items=(Item(0xE1, b"x"),),
    )
    assert (report.latitude, report.longitude) == (-39.9, 116.4)
    assert (report.speed_kmh, report.course_deg, report.time) == (33.3, 90, NOW)
    assert (report.odometer_m, report.satellites) == (12_300, 9)
    assert (report.acc, report.fixed, report.item(0xE1)) == (False, True, b"x")
    assert decode_position(report.body) == report


def test_a_time_outside_this_century_is_not_written():
    with pytest.raises(FieldError):
        position_report(datetime(1999, 12, 31, tzinfo=UTC), 0, 0)


def test_a_value_that_fits_no_field_is_not_written():
    with pytest.raises(FieldError):
        position_report(NOW, 0, 0, speed_kmh=7000).body  # noqa: B018
