"""The catalogue of messages, held against the standard's tables and against itself."""

import json
from dataclasses import astuple
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.protocols.jt808 import session_messages as sm
from gateway.protocols.jt808.errors import FieldError
from gateway.protocols.jt808.fields import Message
from gateway.protocols.jt808.header import Edition
from gateway.protocols.jt808.messages import MESSAGES, UnknownMessage, decode_message
from gateway.protocols.jt808.position import position_report
from gateway.protocols.jt808.position_messages import PositionBatch, position_batch
from tests.gateway.protocols.jt808.samples import NOW, OWN_DIR, byte, messages, text, word

VECTORS = json.loads((OWN_DIR / "bodies.json").read_text(encoding="utf-8"))
FIRST, SECOND = position_report(NOW, 39.9, 116.4), position_report(NOW, 39.8, 116.3, satellites=7)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_body_of_the_standards_table_is_read_and_written(vector: dict[str, Any]):
    body = bytes.fromhex("".join(octets for _, octets in vector["fields"]))
    message = decode_message(int(vector["id"], 16), body, Edition(vector["edition"]))
    seen = {name: getattr(message, name) for name in vector["expected"]}
    assert {name: _plain(value) for name, value in seen.items()} == vector["expected"]
    if "padding" not in vector:
        assert message.encode(Edition(vector["edition"])) == body


def test_a_2011_registration_is_written_with_spaces_and_zeros():
    written = sm.Registration(1, 2, "M", "X", "ID", 1, "示A1").encode(Edition.V2011)
    assert written[9:17] == b"X" + b" " * 7
    assert written[-1] == 0
    assert decode_message(0x0100, written, Edition.V2013) == sm.Registration(
        1, 2, "M", "X", "ID", 1, "示A1"
    )


@given(messages, st.sampled_from([Edition.V2013, Edition.V2019]))
def test_an_encoded_message_is_read_back(message: Message, edition: Edition):
    body = message.encode(edition)
    assert decode_message(message.message_id, body, edition) == message


@given(text(40), st.text("0123456789", min_size=15, max_size=15), text(20))
def test_an_authentication_is_read_back_in_both_editions(token: str, imei: str, software: str):
    shown = sm.Authentication(token, imei, software)
    assert decode_message(0x0102, shown.encode(Edition.V2019), Edition.V2019) == shown
    assert decode_message(0x0102, shown.encode(Edition.V2013), Edition.V2013) == (
        sm.Authentication(token)
    )


@given(st.sampled_from([*MESSAGES, 0x0F00]), st.binary(max_size=120), st.sampled_from(Edition))
def test_any_body_gives_a_message_or_a_field_error(message_id: int, body: bytes, edition: Edition):
    try:
        message = decode_message(message_id, body, edition)
    except FieldError:
        return
    astuple(message)


def test_a_2013_token_under_a_2019_header_is_read_whole():
    assert decode_message(0x0102, b"authentication", Edition.V2019) == (
        sm.Authentication("authentication")
    )


def test_a_2013_registration_under_a_2019_header_is_read():
    registration = sm.Registration(1, 2, "M", "X", "ID", 1, "示A12345")
    body = registration.encode(Edition.V2013)
    assert decode_message(0x0100, body, Edition.V2019) == registration


def test_bytes_after_the_last_field_are_tolerated():
    assert decode_message(0x0001, bytes.fromhex("000702000099"), Edition.V2013) == (
        sm.TerminalAnswer(7, 0x0200, 0)
    )


def test_a_plate_that_is_no_gbk_costs_no_registration():
    body = sm.Registration(1, 2, "M", "X", "ID", 1, "").encode(Edition.V2013) + b"A\xff\xff1"
    registration = decode_message(0x0100, body, Edition.V2013)
    assert isinstance(registration, sm.Registration)
    assert registration.plate.startswith("A")


@given(word.filter(lambda message_id: message_id not in MESSAGES), st.binary(max_size=40))
def test_an_undeclared_message_is_kept_raw(message_id: int, body: bytes):
    message = decode_message(message_id, body, Edition.V2013)
    assert message == UnknownMessage(message_id, body)
    assert message.encode(Edition.V2013) == body


@pytest.mark.parametrize("message", [
    sm.PlatformAnswer(0x10000, 0x0200, 0),
    sm.PlatformAnswer(-1, 0x0200, 0),
    sm.Registration(1, 2, "TOO LONG A MAKER", "X", "ID", 1, ""),
    sm.RegistrationAnswer(1, 0, "token 😀"),
])  # fmt: skip
def test_a_value_that_fits_no_field_is_not_written(message: Message):
    with pytest.raises(FieldError):
        message.encode(Edition.V2013)


@given(word, byte)
def test_a_batch_without_items_is_read(count: int, kind: int):
    body = count.to_bytes(2) + bytes([kind])
    batch = decode_message(0x0704, body, Edition.V2013)
    assert isinstance(batch, PositionBatch)
    assert (batch.batch.positions, batch.batch.unread) == ((), ())


def _batch_body(*items: tuple[int, bytes]) -> bytes:
    body = b"".join(length.to_bytes(2) + item for length, item in items)
    return len(items).to_bytes(2) + b"\x01" + body


def _read_batch(body: bytes) -> PositionBatch:
    batch = decode_message(0x0704, body, Edition.V2013)
    assert isinstance(batch, PositionBatch)
    assert batch.encode(Edition.V2013) == body
    return batch


def test_items_of_different_length_in_one_batch_are_all_read():
    batch = _read_batch(position_batch((FIRST, SECOND), blind=True).encode(Edition.V2013))
    assert batch.batch.positions == (FIRST, SECOND)
    assert (batch.count, batch.kind, batch.batch.unread) == (2, 1, ())


def test_a_last_item_that_claims_too_much_costs_only_itself():
    first, second = FIRST.body, SECOND.body
    batch = _read_batch(_batch_body((len(first), first), (len(second) + 4, second)))
    assert batch.batch.positions == (FIRST,)
    assert batch.batch.unread == ((len(second) + 4).to_bytes(2) + second,)


def test_a_short_item_among_lengths_that_add_up_costs_only_itself():
    first, second = FIRST.body, SECOND.body
    batch = _read_batch(_batch_body((len(first), first), (5, b"short"), (len(second), second)))
    assert batch.batch.positions == (FIRST, SECOND)
    assert batch.batch.unread == (b"short",)


def test_after_a_length_out_of_step_nothing_is_taken_for_a_position():
    first, second = FIRST.body, SECOND.body
    body = _batch_body((len(first), first), (20, second), (len(first), first))
    batch = _read_batch(body)
    assert batch.batch.positions == (FIRST,)
    assert batch.batch.unread == (body[3 + 2 + len(first) :],)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
