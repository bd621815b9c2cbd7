"""An answer acknowledges what was sent with its serial and its id, once, and nothing else."""

import pytest

from loadtests.swarm.answers import BATCH, HEARTBEAT, POSITION, Answer
from loadtests.swarm.counts import Counts
from loadtests.swarm.frames import signature_of
from loadtests.swarm.ledger import Ledger, Sent

PHONE = signature_of(3)
SENT = Sent(POSITION, (6,), 1.0, 1.5)


def ledger() -> Ledger:
    """The ledger of a link over which position 6 was sent with serial 7."""
    one = Ledger(PHONE, Counts())
    one.note(7, SENT)
    return one


def test_the_answer_to_what_was_sent_acknowledges_it() -> None:
    one = ledger()
    assert one.check(Answer(PHONE, 7, POSITION, 0)) == SENT
    assert one.counts == Counts()
    assert not one.unanswered


@pytest.mark.parametrize(
    ("answer", "counted"),
    [
        (Answer(PHONE, 8, POSITION, 0), Counts(unknown=1)),
        (Answer(PHONE, 7, BATCH, 0), Counts(unknown=1)),
        (Answer(PHONE, 0, HEARTBEAT, 0), Counts(unknown=1)),
        (Answer(signature_of(4), 7, POSITION, 0), Counts(unknown=1)),
        (Answer(PHONE, 7, POSITION, 1), Counts(refused=1)),
    ],
    ids=["never sent", "another id", "another message", "another terminal", "failed"],
)
def test_another_answer_acknowledges_nothing_and_is_counted(
    answer: Answer, counted: Counts
) -> None:
    one = ledger()
    assert one.check(answer) is None
    assert one.counts == counted
    assert one.unanswered == {7: SENT}


def test_a_second_answer_to_what_was_sent_once_is_a_repeat() -> None:
    one = ledger()
    answers = [one.check(Answer(PHONE, 7, POSITION, 0)) for _ in range(3)]
    assert answers == [SENT, None, None]
    assert one.counts == Counts(repeated=2)


def test_an_answer_to_an_answered_serial_with_another_id_is_no_repeat() -> None:
    one = ledger()
    one.check(Answer(PHONE, 7, POSITION, 0))
    assert one.check(Answer(PHONE, 7, BATCH, 0)) is None
    assert one.counts == Counts(unknown=1)


def test_what_was_sent_twice_may_be_answered_twice() -> None:
    one = ledger()
    one.note_again(7, 9.0)
    answers = [one.check(Answer(PHONE, 7, POSITION, 0)) for _ in range(3)]
    assert answers == [SENT._replace(sent_s=9.0), None, None]
    assert one.counts == Counts(repeated=1)


def test_nothing_of_a_lost_link_can_be_answered_over_the_next() -> None:
    one = ledger()
    assert one.forget() == [SENT]
    assert one.check(Answer(PHONE, 7, POSITION, 0)) is None
    assert one.counts == Counts(unknown=1)
