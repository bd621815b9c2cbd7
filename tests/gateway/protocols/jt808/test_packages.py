"""Messages in several packages."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.protocols.jt808 import session_messages as sm
from gateway.protocols.jt808.errors import Defect
from gateway.protocols.jt808.events import FrameRefused, PositionsReceived, Unhandled
from gateway.protocols.jt808.framing import frame
from gateway.protocols.jt808.header import Edition, plain_header
from gateway.protocols.jt808.messages import UnknownMessage, decode_message
from gateway.protocols.jt808.packages import PackageLimits, payloads
from gateway.protocols.jt808.position import Item, position_report
from gateway.protocols.jt808.position_messages import position_batch
from gateway.protocols.jt808.session import Jt808Session
from gateway.protocols.jt808.terminal_side import Jt808Terminal
from tests.gateway.protocols.jt808.samples import NOW, captured, needs_captured

LONG = tuple(
    position_report(NOW + timedelta(seconds=n), 39.9, 116.4, extra_items=(Item(0xE1, b"~}" * 40),))
    for n in range(60)
)
BODY = position_batch(LONG, blind=True).encode(Edition.V2013)


def frames_of(body: bytes, serial: int = 65530, edition: Edition = Edition.V2013) -> list[bytes]:
    header = plain_header(0x0704, "13800138000", serial, edition)
    return [frame(payload) for _, payload in payloads(header, body)]


@given(
    st.permutations(range(len(frames_of(BODY)))), st.sampled_from([Edition.V2013, Edition.V2019])
)
def test_packages_in_any_order_and_over_the_wrap_give_the_message(order, edition):
    frames = frames_of(BODY, edition=edition)
    session = Jt808Session()
    events = [event for at in order for event in session.receive(frames[at], NOW)]
    assert len(events) == 1
    assert isinstance(events[0], PositionsReceived)
    assert events[0].positions == LONG
    assert events[0].serials == tuple((65530 + n) & 0xFFFF for n in range(len(frames)))


def test_every_package_of_a_message_is_acknowledged_but_only_when_the_caller_says_so():
    session, frames = Jt808Session(), frames_of(BODY)
    (event,) = session.receive(b"".join(frames), NOW)
    assert session.data_to_send() == b""
    assert isinstance(event, PositionsReceived)
    session.reply(event)
    terminal = Jt808Terminal("13800138000")
    answers = [heard.message for heard in terminal.receive(session.data_to_send())]
    assert answers == [sm.PlatformAnswer(serial, 0x0704, 0) for serial in event.serials]


def test_a_repeated_package_changes_nothing():
    session, frames = Jt808Session(), frames_of(BODY)
    (event,) = session.receive(frames[0] * 3 + b"".join(frames), NOW)
    assert isinstance(event, PositionsReceived)


def test_two_messages_of_one_id_don_t_mix():
    session = Jt808Session()
    other = BODY[:3] + BODY[3:][::-1]
    one, two = frames_of(BODY, 100), frames_of(other, 300)
    mixed = b"".join(part for pair in zip(one, two, strict=True) for part in pair)
    first, _ = session.receive(mixed, NOW)
    assert isinstance(first, PositionsReceived)
    assert first.positions == LONG


def test_missing_packages_are_asked_for_again():
    session, frames = Jt808Session(), frames_of(BODY)
    session.receive(frames[0] + frames[2] + b"".join(frames[5:]), NOW)
    session.tick(NOW + timedelta(seconds=9))
    assert session.data_to_send() == b""
    session.tick(NOW + timedelta(seconds=11))
    terminal = Jt808Terminal("13800138000")
    (heard,) = terminal.receive(session.data_to_send())
    assert heard.message == sm.PlatformResendRequest(65530, (2, 4, 5))


def test_they_are_asked_for_a_few_times_then_the_message_is_given_up_and_counted():
    session, frames = Jt808Session(), frames_of(BODY)
    session.receive(frames[1] + frames[0], NOW)
    events = [
        event
        for second in range(0, 400, 5)
        for event in session.tick(NOW + timedelta(seconds=second))
    ]
    assert session.data_to_send().count(bytes.fromhex("7e8003")) == 3
    (refused,) = events
    assert isinstance(refused, FrameRefused)
    assert (refused.reason, refused.raw) == (Defect.PACKAGES, frames[0] + frames[1])


def test_a_total_beyond_the_limit_is_refused_at_once():
    session, frames = Jt808Session(PackageLimits(packages=3)), frames_of(BODY)
    (event,) = session.receive(frames[0], NOW)
    assert isinstance(event, FrameRefused)
    assert event.reason is Defect.PACKAGES


@pytest.mark.parametrize("limits", [PackageLimits(messages=2), PackageLimits(bytes_held=5000)])
def test_the_longest_untouched_message_makes_room(limits: PackageLimits):
    session = Jt808Session(limits)
    events = []
    for at in range(6):
        now = NOW + timedelta(seconds=at)
        events += session.receive(frames_of(BODY, at * 100)[0], now)
    assert {event.reason for event in events} == {Defect.PACKAGES}
    assert [event.header.serial for event in events] == [100 * n for n in range(len(events))]
    assert 2 <= len(events) <= 4


@pytest.mark.parametrize("wrong", [{"messages": 0}, {"packages": 0}, {"age_s": 0}])
def test_impossible_limits_are_refused(wrong: dict[str, int]):
    with pytest.raises(ValueError, match="must be"):
        PackageLimits(**wrong)


@given(st.binary(max_size=5000), st.sampled_from([Edition.V2013, Edition.V2019]))
def test_a_split_body_is_put_together_again(body: bytes, edition: Edition):
    header = plain_header(0x0801, "13800138000", 7, edition)
    stream = b"".join(frame(payload) for _, payload in payloads(header, body))
    (event,) = Jt808Session().receive(stream, NOW)
    assert isinstance(event, Unhandled)
    assert event.message == UnknownMessage(0x0801, body)


@needs_captured
def test_captured_packages_give_their_messages():
    parts = [one for one in captured("yezhihao") if one.derived["subpackage"]]
    session = Jt808Session()
    events = session.receive(b"".join(one.wire for one in parts), NOW)
    assert [event.header.message_id for event in events] == [0x1205, 0x0104]
    assert [len(event.serials) for event in events] == [18, 2]
    assert [len(event.message.body) for event in events] == [286 + 17 * 280, 1000 + 169]


def test_a_long_body_is_the_same_after_its_packages_are_read():
    batch = decode_message(0x0704, BODY, Edition.V2013)
    assert batch == position_batch(LONG, blind=True)
