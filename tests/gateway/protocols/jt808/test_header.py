"""Headers of both editions, and version flags that lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.protocols.jt808.errors import Defect, FieldError, FrameError
from gateway.protocols.jt808.framing import DefectiveFrame, Frame, frame
from gateway.protocols.jt808.header import (
    Edition,
    Package,
    decode_header,
    encode_header,
    open_frame,
    plain_header,
)
from tests.gateway.protocols.jt808.samples import word

packages = st.none() | st.tuples(word, word).map(
    lambda pair: Package(max(pair) or 1, min(pair) or 1)
)
phones = st.text("0123456789", max_size=12)
editions = st.sampled_from([Edition.V2013, Edition.V2019])


@given(word, phones, word, editions, packages, st.binary(max_size=1023))
def test_an_encoded_header_is_read_back(message_id, phone, serial, edition, package, body):
    header = plain_header(message_id, phone, serial, edition).carrying(len(body), package)
    assert decode_header(encode_header(header) + body) == (header, body)
    assert header.edition is edition
    assert header.body_length == len(body)


def test_2019_version_flag_over_a_2013_header_is_read_as_2013():
    payload = bytes.fromhex("0102400c0100300006810902") + b"4a0123456789"
    header, body = decode_header(payload)
    assert (header.edition, header.phone, header.serial) == (Edition.V2013, "010030000681", 0x902)
    assert body == b"4a0123456789"


def test_2019_header_without_the_version_flag_is_read_as_2019():
    header, body = decode_header(bytes.fromhex("8104000001000000000134199055070001"))
    assert (header.edition, header.phone) == (Edition.V2019, "00000000013419905507")
    assert (header.serial, body) == (1, b"")


def test_an_answer_is_written_in_the_layout_and_with_the_flag_of_the_question():
    lying, _ = decode_header(bytes.fromhex("0102400c0100300006810902") + bytes(12))
    answer = lying.answering(0x8001, 7)
    assert encode_header(answer.carrying(5)) == bytes.fromhex("800140050100300006810007")


@pytest.mark.parametrize("change", [-6, -1, 1, 6])
def test_a_declared_length_that_fits_no_layout_is_refused(change: int):
    header = plain_header(0x0200, "13800138000", 1, Edition.V2013).carrying(30 + change)
    wire = frame(encode_header(header) + bytes(30))
    assert open_frame(Frame(wire, wire[1:-2])) == DefectiveFrame(wire, Defect.LENGTH)


@pytest.mark.parametrize(("total", "number"), [(0, 0), (2, 0), (2, 3)])
def test_impossible_package_numbers_are_refused(total: int, number: int):
    payload = bytes.fromhex("070420000138001380000001") + bytes([0, total, 0, number])
    with pytest.raises(FrameError) as caught:
        decode_header(payload)
    assert caught.value.reason is Defect.HEADER


def test_a_phone_that_is_no_number_is_kept_as_sent():
    header, _ = decode_header(bytes.fromhex("000200004f07788ef87d0001"))
    assert header.phone == "4f07788ef87d"


@pytest.mark.parametrize("phone", ["not digits!!", "1" * 13])
def test_a_header_with_an_impossible_phone_is_not_written(phone: str):
    with pytest.raises(FieldError):
        encode_header(plain_header(2, phone, 1, Edition.V2013))


def test_encryption_bits_are_read():
    assert decode_header(bytes.fromhex("000204000138001380000001"))[0].encryption == 1


@given(st.binary(max_size=60))
def test_any_payload_gives_a_header_or_a_frame_error(payload: bytes):
    try:
        header, body = decode_header(payload)
    except FrameError:
        return
    assert encode_header(header) + body == payload
