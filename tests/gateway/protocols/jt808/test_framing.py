"""Frames: what the standard says, what the field does, and the trap in the checksum."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.protocols.jt808.errors import Defect
from gateway.protocols.jt808.framing import (
    LONGEST_BETWEEN_FLAGS,
    DefectiveFrame,
    Frame,
    FrameReader,
    checksum,
    frame,
    unescape,
)

HEARTBEAT = bytes.fromhex("000200000138001380000001")
payloads = st.binary(min_size=12, max_size=60)


def read(data: bytes) -> list[Frame | DefectiveFrame]:
    return FrameReader().feed(data)


def reasons(found: list[Frame | DefectiveFrame]) -> list[Defect]:
    return [item.reason for item in found if isinstance(item, DefectiveFrame)]


def payloads_of(found: list[Frame | DefectiveFrame]) -> list[bytes]:
    return [item.payload for item in found if isinstance(item, Frame)]


def test_the_standards_escape_example_is_escaped_as_printed():
    # 4.4.2 prints the whole message with its checksum: 30 7E 08 7D 55.
    assert frame(bytes.fromhex("307e087d"))[1:-2] == bytes.fromhex("307d02087d01")
    assert unescape(bytes.fromhex("307d02087d0155")) == bytes.fromhex("307e087d55")


@given(st.binary(max_size=200))
def test_checksum_is_the_xor_of_all_bytes(data: bytes):
    expected = 0
    for one in data:
        expected ^= one
    assert checksum(data) == expected


@given(payloads)
def test_a_framed_payload_is_read_back(payload: bytes):
    wire = frame(payload)
    assert read(wire) == [Frame(wire, payload)]
    assert b"\x7e" not in wire[1:-1]


def test_a_frame_with_exactly_one_escape_passes_and_its_unescaped_sum_does_not():
    payload = HEARTBEAT[:-1] + b"\x7e"
    wire = frame(payload)
    assert wire.count(b"\x7d") == 1
    assert payloads_of(read(wire)) == [payload]
    # Summed over the escaped bytes, as decoders do that forget the order.
    escaped = wire[1:-2]
    wrong = b"\x7e" + escaped + bytes([checksum(escaped)]) + b"\x7e"
    assert reasons(read(wrong)) == [Defect.CHECKSUM]


def test_a_checksum_that_must_be_escaped_itself_is_read():
    for flag in (0x7E, 0x7D):
        body = HEARTBEAT[:-1]
        payload = body + bytes([checksum(body) ^ flag])
        assert frame(payload)[-3] == 0x7D
        assert payloads_of(read(frame(payload))) == [payload]


@given(st.lists(payloads | st.binary(max_size=8), max_size=6), st.data())
def test_any_split_of_a_stream_gives_the_same_frames(parts: list[bytes], data: st.DataObject):
    stream = b"".join(frame(part) if len(part) >= 12 else part for part in parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    reader = FrameReader()
    found: list[Frame | DefectiveFrame] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += reader.feed(stream[start:end])
    whole_reader = FrameReader()
    assert found == whole_reader.feed(stream)
    assert reader.finish() == whole_reader.finish()


@given(st.lists(st.binary(max_size=300), max_size=8), st.integers(16, 64))
def test_a_small_limit_is_kept_whatever_arrives(pieces: list[bytes], limit: int):
    reader = FrameReader(limit)
    found = [item for piece in pieces for item in reader.feed(piece)]
    found += reader.finish()
    assert all(len(item.raw) <= limit + 2 for item in found)


def test_two_frames_may_share_one_flag():
    wire = frame(HEARTBEAT)
    assert payloads_of(read(wire + wire[1:])) == [HEARTBEAT, HEARTBEAT]


def test_an_empty_frame_is_nothing():
    assert read(b"\x7e\x7e\x7e" + frame(HEARTBEAT) + b"\x7e\x7e") == [
        Frame(frame(HEARTBEAT), HEARTBEAT)
    ]


def test_garbage_before_the_first_flag_is_kept_and_the_frame_after_it_read():
    found = read(b"GET / HTTP/1.1\r\n" + frame(HEARTBEAT))
    assert found == [
        DefectiveFrame(b"GET / HTTP/1.1\r\n", Defect.GARBAGE),
        Frame(frame(HEARTBEAT), HEARTBEAT),
    ]


def test_a_frame_cut_off_by_the_next_one_is_refused_and_the_next_one_read():
    found = read(frame(HEARTBEAT)[:9] + frame(HEARTBEAT))
    assert reasons(found) == [Defect.TRUNCATED]
    assert payloads_of(found) == [HEARTBEAT]


def test_other_delimiters_are_garbage():
    assert reasons(read(b"\xe7" + HEARTBEAT + b"\x00\xe7" + frame(HEARTBEAT))) == [Defect.GARBAGE]


def test_a_bad_escape_is_refused():
    for bad in (b"\x7d\x03", b"\x7d\x7d\x01", b"\x7d"):
        assert reasons(read(b"\x7e" + HEARTBEAT + bad + b"\x7e")) == [Defect.BAD_ESCAPE]


def test_an_oversize_frame_is_refused_once_and_the_next_one_read():
    oversize = b"\x7e" + b"\x01" * (LONGEST_BETWEEN_FLAGS + 500)
    found = read(oversize + frame(HEARTBEAT))
    assert reasons(found) == [Defect.OVERSIZE]
    assert payloads_of(found) == [HEARTBEAT]
    assert len(found[0].raw) == 1 + LONGEST_BETWEEN_FLAGS


def test_a_flood_without_flags_is_counted_again_and_again():
    flood = b"\x01" * (10 * LONGEST_BETWEEN_FLAGS)
    assert reasons(read(b"\x7e" + flood)) == [Defect.OVERSIZE] * 9
    assert reasons(read(flood)) == [Defect.GARBAGE] * 9


def test_the_longest_legal_message_is_not_oversize():
    payload = b"\x7e" * (21 + 1023)
    assert payloads_of(read(frame(payload))) == [payload]


def test_what_an_ended_link_leaves_is_truncated():
    reader = FrameReader()
    reader.feed(frame(HEARTBEAT)[:-1])
    assert reasons(list(reader.finish())) == [Defect.TRUNCATED]
    assert reader.finish() == []
