"""The two kinds of terminals: who stores what, and what comes first over a new link."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.protocols.jt808.events import Event, Heartbeat, PositionsReceived
from gateway.protocols.jt808.session import Jt808Session
from loadtests.swarm.answers import POSITION, Answer
from loadtests.swarm.counts import Counts
from loadtests.swarm.frames import signature_of
from loadtests.swarm.journey import journey
from loadtests.swarm.kinds import AlarmStoring, LinkStoring, Reporting
from loadtests.swarm.terminal import Beating

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
TERMINAL = 3
ALARMS = {2, 5}


def made(kind: type[Reporting]) -> Reporting:
    """A terminal of six positions; the third and the sixth are alarms."""
    one = kind(TERMINAL, Counts())
    one.journey = journey(TERMINAL, [NOW + timedelta(seconds=n) for n in range(6)], alarm_every=3)
    assert {n for n in range(6) if one.journey.is_alarm(n)} == ALARMS
    return one


def heard(data: bytes) -> list[tuple[bool, list[int]]]:
    """What a platform reads in these bytes: for each message, if blind, and which positions."""
    events = Jt808Session().receive(data, NOW)
    return [_read(event) for event in events]


def _read(event: Event) -> tuple[bool, list[int]]:
    assert isinstance(event, PositionsReceived), event
    times = [position.time for position in event.positions]
    return event.blind, [round((time - NOW).total_seconds()) for time in times if time]


def answer_to(one: Reporting, number: int) -> None:
    assert one.heard(Answer(signature_of(TERMINAL), number + 1, POSITION, 0)) is not None


def test_a_link_storing_terminal_delivers_all_that_was_unanswered_or_came_without_a_link() -> None:
    one = made(LinkStoring)
    for number in range(3):
        assert heard(one.due(number, number, number, linked=True)) == [(False, [number])]
    answer_to(one, 1)
    one.lost()
    assert one.due(3, 3.0, 3.0, linked=False) == b""
    assert one.overdue(100.0) == b""
    assert one.waiting == {0, 2, 3}
    assert heard(one.entered(4.0)) == [(True, [0, 2, 3])]
    assert one.entered(5.0) == b"", "it is on its way"
    one.lost()
    assert heard(one.entered(6.0)) == [(True, [0, 2, 3])], "nobody had answered the batch"
    assert one.counts == Counts(offered=4, sent=9, acknowledged=1, batches=2)


def test_an_alarm_storing_terminal_delivers_alarms_alone() -> None:
    one = made(AlarmStoring)
    for number in range(4):
        one.due(number, number, number, linked=True)
    answer_to(one, 1)
    one.lost()
    assert one.due(4, 4.0, 4.0, linked=False) == b""
    assert one.due(5, 5.0, 5.0, linked=False) == b""
    assert heard(one.entered(6.0)) == [(False, [2]), (False, [5])]
    assert one.counts == Counts(offered=6, sent=6, acknowledged=1, dropped=3)


def test_an_alarm_storing_terminal_repeats_an_unanswered_alarm_over_a_link_that_stands() -> None:
    one = made(AlarmStoring)
    sent = [one.due(number, number, number, linked=True) for number in range(4)]
    assert one.overdue(4.0) == b""
    assert one.overdue(2.0 + AlarmStoring.repeats_after_s) == sent[2], "byte for byte"
    assert one.overdue(2.5 + AlarmStoring.repeats_after_s) == b""
    answer_to(one, 2)
    assert one.overdue(100.0) == b""


@pytest.mark.parametrize("kind", [LinkStoring, AlarmStoring])
def test_what_is_acknowledged_twice_counts_once(kind: type[Reporting]) -> None:
    one = made(kind)
    for _ in range(2):
        one.due(2, 2.0, 2.0, linked=True)
        answer_to(one, 2)
        one.lost()
    assert one.counts.acknowledged == 1
    assert len(one.journey.identities(sorted(one.acknowledged))) == 1


def test_the_speed_of_a_position_tells_the_thousandths_of_its_second() -> None:
    one = journey(TERMINAL, [NOW + timedelta(milliseconds=1437)], alarm_every=0)
    assert (one.reports[0].time, one.reports[0].speed_kmh) == (NOW + timedelta(seconds=1), 43.7)


def test_a_beating_terminal_sends_heartbeats_alone() -> None:
    one = Beating(TERMINAL, Counts())
    data = one.greet(0.0) + one.due(0, 1.0, 1.0, linked=True) + one.due(1, 2.0, 2.0, linked=False)
    events = Jt808Session().receive(data, NOW)
    assert [type(event) for event in events] == [Heartbeat, Heartbeat]
    assert one.counts == Counts(beats=1)
