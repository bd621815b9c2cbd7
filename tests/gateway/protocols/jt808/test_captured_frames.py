"""Frames of real terminals: whole, byte by byte, with trailing data, with one flipped bit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.protocols.jt808 import session_messages as sm
from gateway.protocols.jt808.errors import Defect
from gateway.protocols.jt808.events import FrameRefused, PositionsReceived
from gateway.protocols.jt808.framing import DefectiveFrame, Frame, FrameReader, frame
from gateway.protocols.jt808.header import (
    Edition,
    Header,
    Packet,
    decode_header,
    encode_header,
    open_frame,
)
from gateway.protocols.jt808.messages import decode_message
from gateway.protocols.jt808.position import PositionReport
from gateway.protocols.jt808.position_messages import PositionBatch, PositionMessage
from gateway.protocols.jt808.session import Jt808Session
from tests.gateway.protocols.jt808.samples import (
    ALL_CAPTURED,
    NOW,
    Captured,
    captured,
    damaged,
    needs_captured,
)

pytestmark = needs_captured

# The flag clear over a 2019 header: length_ok is the second reading's, by the 2013 layout.
FLAG_LIES = [one for one in ALL_CAPTURED if one.shown.startswith(bytes.fromhex("7e810400000100"))]
WHOLE = [one for one in ALL_CAPTURED if one.whole]
CHECKSUM_WRONG = [one for one in ALL_CAPTURED if not one.derived["bcc_ok"]]
LENGTH_WRONG = [
    one for one in ALL_CAPTURED if not one.derived["length_ok"] and one not in FLAG_LIES
]
UNESCAPED = [one for one in WHOLE if not one.shown_is_wire]
each = pytest.mark.parametrize("one", WHOLE, ids=lambda one: one.name)


def test_every_kind_of_captured_frame_is_here():
    assert (len(WHOLE), len(CHECKSUM_WRONG), len(LENGTH_WRONG), len(FLAG_LIES)) == (326, 2, 1, 1)
    assert len(UNESCAPED) >= 5


@each
def test_a_captured_frame_is_read_whole(one: Captured):
    assert FrameReader().feed(one.wire) == [Frame(one.wire, one.payload)]


@each
def test_a_captured_frame_is_read_byte_by_byte(one: Captured):
    reader = FrameReader()
    found = [item for octet in one.wire for item in reader.feed(bytes([octet]))]
    assert found == [Frame(one.wire, one.payload)]


@each
def test_a_captured_frame_is_read_with_trailing_data(one: Captured):
    reader = FrameReader()
    assert reader.feed(one.wire + b"\x00trailing") == [Frame(one.wire, one.payload)]
    assert [left.reason for left in reader.finish()] == [Defect.TRUNCATED]


@each
def test_a_captured_frame_with_one_flipped_bit_is_refused(one: Captured):
    for at in range(1, len(one.wire) - 1):
        flipped = bytearray(one.wire)
        flipped[at] ^= 1 << 3 * at % 8
        # A new flag in the middle makes two pieces, one of which may have a right sum by chance.
        events = Jt808Session().receive(bytes(flipped), NOW)
        assert all(isinstance(event, FrameRefused) for event in events), at


@each
def test_a_captured_header_is_as_the_second_reading_says(one: Captured):
    header, body = decode_header(one.payload)
    derived = one.derived
    assert header.message_id == int(derived["msg_id"], 16)
    assert header.phone == derived["terminal"]
    assert header.serial == derived["serial"]
    assert header.body_length == derived["declared_len"] == len(body)
    assert header.protocol_version == derived["version"]
    assert (header.edition is Edition.V2019) == derived["version_flag"]
    if header.package is not None:
        assert header.package == (derived["package_total"], derived["package_no"])
    assert encode_header(header) + body == one.payload


@pytest.mark.parametrize("one", UNESCAPED, ids=lambda one: one.name)
def test_a_frame_quoted_unescaped_is_refused_as_it_stands(one: Captured):
    reader = FrameReader()
    found = reader.feed(one.shown) + reader.finish()
    assert found
    assert all(isinstance(item, DefectiveFrame) for item in found)


@pytest.mark.parametrize("one", CHECKSUM_WRONG, ids=lambda one: one.name)
def test_a_captured_frame_with_a_wrong_checksum_is_no_position(one: Captured):
    for wire in (one.shown, damaged(one.payload)):
        session = Jt808Session()
        events = session.receive(wire, NOW)
        assert events
        assert all(isinstance(event, FrameRefused) for event in events)
        assert session.data_to_send() == b""


@pytest.mark.parametrize("one", LENGTH_WRONG, ids=lambda one: one.name)
def test_a_captured_frame_with_a_wrong_length_is_refused(one: Captured):
    assert Jt808Session().receive(one.wire, NOW) == [FrameRefused(one.wire, Defect.LENGTH)]


@pytest.mark.parametrize("one", FLAG_LIES, ids=lambda one: one.name)
def test_a_captured_2019_header_without_its_flag_is_read(one: Captured):
    packet = open_frame(Frame(one.wire, one.payload))
    assert isinstance(packet, Packet)
    assert (packet.header.edition, packet.body) == (Edition.V2019, b"")


def positions_of(one: Captured) -> tuple[PositionReport, ...]:
    events = Jt808Session().receive(one.wire, NOW)
    assert len(events) == 1
    assert isinstance(events[0], PositionsReceived)
    return events[0].positions


WITH_POSITION = [one for one in WHOLE if "position" in one.derived]


@pytest.mark.parametrize("one", WITH_POSITION, ids=lambda one: one.name)
def test_a_captured_position_is_as_the_second_reading_says(one: Captured):
    (report,) = positions_of(one)
    derived = one.derived["position"]
    assert f"0x{report.alarm:08x}" == derived["alarm"]
    assert f"0x{report.status:08x}" == derived["status"]
    assert (report.acc, report.fixed) == (derived["acc"], derived["fixed"])
    assert report.latitude == pytest.approx(derived["lat"], abs=1e-9)
    assert report.longitude == pytest.approx(derived["lon"], abs=1e-9)
    assert (report.altitude_m, report.course_deg) == (derived["alt_m"], derived["course"])
    assert report.speed_kmh == pytest.approx(derived["speed_kmh"])
    assert report.time_raw.hex() == derived["time_gmt8_bcd"]
    if derived["tlv_exact"]:
        items = [[f"0x{item.id:02x}", len(item.value), item.value.hex()] for item in report.items]
        assert (items, report.items_tail) == (derived["tlv"], b"")
    else:
        assert report.items_tail


BATCHES = [one for one in WHOLE if one.derived["msg_id"] == "0x0704"]


@pytest.mark.parametrize("one", BATCHES, ids=lambda one: one.name)
def test_a_captured_batch_is_read_to_its_last_item(one: Captured):
    header, body = decode_header(one.payload)
    batch = decode_message(header.message_id, body, header.edition)
    assert isinstance(batch, PositionBatch)
    assert len(batch.batch.positions) == batch.count
    assert batch.batch.unread == ()
    assert batch.encode(header.edition) == body
    for report, expected in zip(batch.batch.positions, one.expected.get("items", ()), strict=False):
        assert report.lat_e6 == expected["latitude"]
        assert report.lon_e6 == expected["longitude"]
        assert report.speed_tenths == expected["speed"]
        assert report.time is not None


def test_the_crash_of_another_server_is_a_plain_position_without_a_fix():
    (one,) = [one for one in captured("threads") if one.expected.get("crashed_traccar")]
    (report,) = positions_of(one)
    assert not report.fixed
    assert report.item(0x64) == bytes.fromhex("000020d0")


NAMES = {
    "provinceId": "province",
    "cityId": "city",
    "makerId": "maker",
    "deviceModel": "model",
    "deviceId": "terminal_id",
    "plateColor": "plate_colour",
    "plateNo": "plate",
    "token": "token",
    "imei": "imei",
    "softwareVersion": "software",
    "responseSerialNo": "answered_serial",
    "responseMessageId": "answered_id",
    "resultCode": "result",
}
PEERS = {
    message.message_id: message
    for message in (
        sm.Registration,
        sm.Authentication,
        sm.RegistrationAnswer,
        sm.PlatformAnswer,
        sm.TerminalAnswer,
    )
}
FROM_PEERS = [
    one for one in captured("yezhihao") if int(one.derived["msg_id"], 16) in PEERS and one.expected
]


@pytest.mark.parametrize("one", FROM_PEERS, ids=lambda one: one.name)
def test_a_peers_message_has_the_fields_that_the_peer_wrote(one: Captured):
    header, body = decode_header(one.payload)
    message = decode_message(header.message_id, body, header.edition)
    expected = {NAMES[key]: value for key, value in one.expected.items() if key in NAMES}
    assert expected
    assert {name: getattr(message, name) for name in expected} == expected


ENCODABLE = (PositionMessage, PositionBatch, sm.RegistrationAnswer, sm.PlatformResendRequest)


@each
def test_a_captured_message_that_we_declare_is_written_as_it_came(one: Captured):
    header, body = decode_header(one.payload)
    if header.package is not None:
        return
    message = decode_message(header.message_id, body, header.edition)
    if isinstance(message, ENCODABLE):
        rewritten = message.encode(header.edition)
        assert frame(encode_header(header.carrying(len(rewritten))) + rewritten) == one.wire


@given(st.data())
def test_any_mutation_of_captured_bytes_gives_events_and_never_an_error(data: st.DataObject):
    stream = bytearray()
    for one in data.draw(st.lists(st.sampled_from(ALL_CAPTURED), min_size=1, max_size=4)):
        body = bytearray(one.payload)
        for at in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=6)):
            body[at] = data.draw(st.integers(0, 255))
        stream += frame(bytes(body)) if data.draw(st.booleans()) else body + b"\x7e"
    session = Jt808Session()
    for event in session.receive(bytes(stream), NOW):
        assert isinstance(event, FrameRefused) or isinstance(event.header, Header)
    session.tick(NOW)
    session.finish()
