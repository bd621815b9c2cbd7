"""Both ends of a link, talking to each other."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.protocols.jt808 import events as ev
from gateway.protocols.jt808 import session_messages as sm
from gateway.protocols.jt808.errors import Defect
from gateway.protocols.jt808.framing import frame
from gateway.protocols.jt808.header import Edition, encode_header, plain_header
from gateway.protocols.jt808.messages import UnknownMessage
from gateway.protocols.jt808.position import position_report
from gateway.protocols.jt808.session import Jt808Session, NotIdentifiedError
from gateway.protocols.jt808.terminal_side import Heard, Jt808Terminal
from tests.gateway.protocols.jt808.samples import NOW

PHONE = "13800138000"
REGISTRATION = sm.Registration(11, 101, "MAKER", "M1", "ID00001", 1, "示A12345")
POSITIONS = tuple(
    position_report(NOW + timedelta(seconds=n), 39.9, 116.4, satellites=n) for n in range(5)
)
editions = pytest.mark.parametrize("edition", [Edition.V2013, Edition.V2019])


def deliver(terminal: Jt808Terminal, session: Jt808Session) -> list[ev.Event]:
    return session.receive(terminal.data_to_send(), NOW)


def hear(session: Jt808Session, terminal: Jt808Terminal) -> list[Heard]:
    return terminal.receive(session.data_to_send())


@editions
def test_a_terminal_registers_authenticates_and_reports(edition: Edition):
    terminal, session = Jt808Terminal(PHONE, edition), Jt808Session()
    terminal.register(REGISTRATION)
    (registering,) = deliver(terminal, session)
    assert isinstance(registering, ev.Registering)
    assert registering.message == REGISTRATION
    session.reply_registered(registering, sm.RegistrationResult.OK, "T0KEN")
    hear(session, terminal)
    assert terminal.token == "T0KEN"

    terminal.authenticate(imei="123456789012345", software="V1")
    (authenticating,) = deliver(terminal, session)
    assert isinstance(authenticating, ev.Authenticating)
    assert authenticating.token == "T0KEN"
    is_new = edition is Edition.V2019
    assert authenticating.imei == ("123456789012345" if is_new else None)
    session.reply(authenticating)
    hear(session, terminal)

    terminal.report(POSITIONS[0])
    (received,) = deliver(terminal, session)
    assert isinstance(received, ev.PositionsReceived)
    assert (received.positions, received.batch, received.blind) == (POSITIONS[:1], False, False)
    assert received.header.phone == PHONE.zfill(20 if is_new else 12)
    assert session.data_to_send() == b""
    assert len(terminal.unacknowledged) == 1
    session.reply(received)
    assert [heard.message for heard in hear(session, terminal)] == [
        sm.PlatformAnswer(received.header.serial, 0x0200, 0)
    ]
    assert not terminal.unacknowledged


def test_a_refused_registration_gives_no_token():
    terminal, session = Jt808Terminal(PHONE), Jt808Session()
    terminal.register(REGISTRATION)
    (event,) = deliver(terminal, session)
    assert isinstance(event, ev.Registering)
    session.reply_registered(event, sm.RegistrationResult.NO_SUCH_VEHICLE, "T0KEN")
    (heard,) = hear(session, terminal)
    assert heard.message == sm.RegistrationAnswer(0, 2, None)
    assert terminal.token is None


@editions
def test_heartbeat_time_and_log_out_are_events_of_their_own(edition: Edition):
    terminal, session = Jt808Terminal(PHONE, edition), Jt808Session()
    terminal.heartbeat()
    terminal.ask_time()
    terminal.log_out()
    beat, asked, left = deliver(terminal, session)
    assert isinstance(beat, ev.Heartbeat)
    assert isinstance(asked, ev.TimeAsked)
    assert isinstance(left, ev.LoggedOut)
    session.reply(beat)
    session.reply_time(asked, NOW)
    session.reply(left)
    answers = [heard.message for heard in hear(session, terminal)]
    assert answers[1] == sm.TimeAnswer(NOW)
    assert not terminal.unacknowledged


def test_a_heartbeat_with_a_body_is_a_heartbeat():
    wire = bytes.fromhex("7e0002001105805668746700265d102815000501006404000020d06501001d7e")
    (event,) = Jt808Session().receive(wire, NOW)
    assert isinstance(event, ev.Heartbeat)
    assert len(event.body) == 17


def test_serials_of_the_platform_increase_and_wrap():
    terminal, session = Jt808Terminal(PHONE), Jt808Session(first_serial=0xFFFE)
    terminal.heartbeat()
    (event,) = deliver(terminal, session)
    assert isinstance(event, ev.Heartbeat)
    for _ in range(4):
        session.reply(event)
    serials = [heard.header.serial for heard in hear(session, terminal)]
    assert serials == [0xFFFE, 0xFFFF, 0, 1]


def test_a_command_is_answered_by_its_serial_even_twice():
    terminal, session = Jt808Terminal(PHONE), Jt808Session()
    terminal.heartbeat()
    deliver(terminal, session)
    serial = session.send(UnknownMessage(0x8201, b""))
    (heard,) = hear(session, terminal)
    terminal.answer(heard)
    terminal.answer(heard)
    answers = deliver(terminal, session)
    assert [type(answer) for answer in answers] == [ev.CommandAnswered] * 2
    assert isinstance(answers[0], ev.CommandAnswered)
    assert answers[0].message == sm.TerminalAnswer(serial, 0x8201, 0)


def test_a_command_before_anything_arrived_has_no_receiver():
    with pytest.raises(NotIdentifiedError):
        Jt808Session().send(UnknownMessage(0x8201, b""))


def test_an_encrypted_body_is_refused_with_its_header():
    header = plain_header(0x0200, PHONE, 1, Edition.V2013)
    payload = bytearray(encode_header(header.carrying(28)) + bytes(28))
    payload[2] |= 0x04
    (event,) = Jt808Session().receive(frame(bytes(payload)), NOW)
    assert isinstance(event, ev.FrameRefused)
    assert event.reason is Defect.ENCRYPTED
    assert event.header is not None


def test_a_position_without_its_basic_block_is_refused_and_the_next_is_read():
    header = plain_header(0x0200, PHONE, 1, Edition.V2013)
    short = frame(encode_header(header.carrying(27)) + bytes(27))
    terminal = Jt808Terminal(PHONE)
    terminal.report(POSITIONS[0])
    refused, received = Jt808Session().receive(short + terminal.data_to_send(), NOW)
    assert isinstance(refused, ev.FrameRefused)
    assert (refused.raw, refused.reason) == (short, Defect.BODY)
    assert isinstance(received, ev.PositionsReceived)


def test_an_unacknowledged_package_is_repeated_byte_for_byte():
    terminal = Jt808Terminal(PHONE)
    serial = terminal.report(POSITIONS[0])
    first = terminal.data_to_send()
    terminal.repeat(serial)
    assert terminal.data_to_send() == first


def test_an_answer_to_another_message_acknowledges_nothing():
    terminal, session = Jt808Terminal(PHONE), Jt808Session()
    serial = terminal.report(POSITIONS[0])
    (event,) = deliver(terminal, session)
    assert isinstance(event, ev.PositionsReceived)
    session.send(sm.PlatformAnswer(serial, 0x0002, 0))
    session.reply(event, sm.Result.FAILED)
    hear(session, terminal)
    assert list(terminal.unacknowledged) == [serial]


def test_a_lost_link_gives_the_unsure_positions_back_for_a_blind_batch():
    terminal, session = Jt808Terminal(PHONE), Jt808Session()
    for position in POSITIONS:
        terminal.report(position)
    events = deliver(terminal, session)
    for event in events[:2]:
        assert isinstance(event, ev.PositionsReceived)
        session.reply(event)
    hear(session, terminal)
    unsure = terminal.link_lost()
    assert unsure == POSITIONS[2:]
    terminal.report_batch(unsure)
    (batch,) = deliver(terminal, Jt808Session())
    assert isinstance(batch, ev.PositionsReceived)
    assert (batch.positions, batch.batch, batch.blind) == (POSITIONS[2:], True, True)
    # The same position, so the same identity, however it came.
    assert [p.digest() for p in batch.positions] == [p.digest() for p in POSITIONS[2:]]


@editions
def test_a_long_batch_is_mended_by_a_resend_request(edition: Edition):
    terminal, session = Jt808Terminal(PHONE, edition), Jt808Session()
    many = POSITIONS * 20
    terminal.report_batch(many)
    frames = terminal.data_to_send().replace(b"\x7e\x7e", b"\x7e|\x7e").split(b"|")
    assert len(frames) > 2
    session.receive(frames[0] + b"".join(frames[2:]), NOW)
    session.tick(NOW + timedelta(seconds=60))
    hear(session, terminal)
    (event,) = deliver(terminal, session)
    assert isinstance(event, ev.PositionsReceived)
    assert event.positions == many
    session.reply(event)
    hear(session, terminal)
    assert not terminal.unacknowledged


@given(st.lists(st.binary(max_size=80), max_size=6))
def test_any_bytes_give_events_and_never_an_error(pieces: list[bytes]):
    session, terminal = Jt808Session(), Jt808Terminal(PHONE)
    for piece in pieces:
        for data in (piece, frame(piece)):
            session.receive(data, NOW)
            terminal.receive(data)
    session.tick(NOW + timedelta(hours=1))
    session.finish()
