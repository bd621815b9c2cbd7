"""What one terminal has sent over its link, held against each answer (JT/T 808-2013, 8.2).

An answer belongs to a message by serial and id together, and there is one for each time that the
message was sent. Whatever else is said is counted, and acknowledges nothing.
"""

from typing import NamedTuple

from loadtests.swarm.answers import Answer
from loadtests.swarm.counts import Counts


class Sent(NamedTuple):
    """A message on its way.

    numbers: which of the terminal's positions are in it
    due_s: when it was to be sent; None for what waited in a store, which is late by nature
    sent_s: when it was sent, the last time
    """

    message_id: int
    numbers: tuple[int, ...]
    due_s: float | None
    sent_s: float


class Ledger:
    """The messages of one link; serials don't wrap within it."""

    def __init__(self, phone: bytes, counts: Counts) -> None:
        self._phone, self.counts = phone, counts
        self.unanswered: dict[int, Sent] = {}
        self._answered: dict[int, int] = {}
        self._answers_due: dict[int, int] = {}

    def note(self, serial: int, sent: Sent) -> None:
        """Note that a message is sent."""
        self.unanswered[serial] = sent

    def note_again(self, serial: int, now_s: float) -> None:
        """Note that an unanswered message is sent once more, byte for byte."""
        self.unanswered[serial] = self.unanswered[serial]._replace(sent_s=now_s)
        self._answers_due[serial] = self._answers_due.get(serial, 0) + 1

    def check(self, answer: Answer) -> Sent | None:
        """Return the message that is acknowledged by this; None if it acknowledges nothing new."""
        serial, counts = answer.serial, self.counts
        sent = self.unanswered.get(serial)
        if answer.phone != self._phone:
            counts.unknown += 1
        elif sent is not None and sent.message_id == answer.message_id:
            if answer.result == 0:
                del self.unanswered[serial]
                self._answered[serial] = answer.message_id
                return sent
            counts.refused += 1
        elif self._answered.get(serial) != answer.message_id:
            counts.unknown += 1
        elif self._answers_due.get(serial, 0) > 0:
            self._answers_due[serial] -= 1
        else:
            counts.repeated += 1
        return None

    def forget(self) -> list[Sent]:
        """Forget the link; return what was sent over it and not answered, in that order."""
        left = list(self.unanswered.values())
        self.unanswered.clear()
        self._answered.clear()
        self._answers_due.clear()
        return left
