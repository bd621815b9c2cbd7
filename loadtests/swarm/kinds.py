"""The kinds of terminals that the paced swarm has.

JT/T 808-2013, 6.1.2, can be read in two ways, and devices in the field are of both kinds:

- `LinkStoring` stores positions while the *link* is down, and delivers them as a blind-area batch
  (0x0704) when it stands again. What it had sent without an answer is among them.
- `AlarmStoring` keeps sending. What is not answered, or comes due without a link, is gone, except
  alarms: those are repeated, and are the first that it sends over a new link.
"""

from collections.abc import Sequence
from typing import ClassVar

from loadtests.swarm.answers import BATCH, POSITION
from loadtests.swarm.counts import Counts
from loadtests.swarm.frames import blind_frame
from loadtests.swarm.journey import Journey
from loadtests.swarm.ledger import Sent
from loadtests.swarm.terminal import Terminal

MOST_POSITIONS = 0x7FFF
"""Positions of one terminal; the serials above are those of batches."""

_IN_A_BATCH = 20


class Reporting(Terminal):
    """Reports positions; each kind stores what it stores until it can be sent."""

    def __init__(self, terminal: int, counts: Counts) -> None:
        super().__init__(terminal, counts)
        # Made when the hour is known at which the first position comes due.
        self.journey = Journey(terminal, (), ())
        self.stored: list[int] = []
        self.acknowledged: set[int] = set()

    @property
    def waiting(self) -> set[int]:
        """The positions on offer that nobody has answered."""
        on_the_way = (n for sent in self.ledger.unanswered.values() for n in sent.numbers)
        return {*self.stored, *on_the_way} - self.acknowledged

    def due(self, number: int, due_s: float, now_s: float, *, linked: bool) -> bytes:
        self.counts.offered += 1
        if linked:
            return self._send(number, due_s, now_s)
        self._keep([number])
        return b""

    def lost(self) -> None:
        numbers = [number for sent in self.ledger.forget() for number in sent.numbers]
        # What waits in the store already came due later than what was on its way.
        self.stored, later = [], self.stored
        self._keep(numbers)
        self.stored += later

    def _keep(self, numbers: Sequence[int]) -> None:
        """Store what this kind stores of positions that can't be delivered now."""
        raise NotImplementedError

    def _send(self, number: int, due_s: float | None, now_s: float) -> bytes:
        self.counts.sent += 1
        self.ledger.note(number + 1, Sent(POSITION, (number,), due_s, now_s))
        return self.journey.frames[number]

    def _acknowledged(self, sent: Sent, /) -> None:
        new = set(sent.numbers) - self.acknowledged
        self.acknowledged |= new
        self.counts.acknowledged += len(new)


class LinkStoring(Reporting):
    """Stores everything while the link is down; a link without answers is down, too."""

    closes_after_s = 30.0

    def __init__(self, terminal: int, counts: Counts) -> None:
        super().__init__(terminal, counts)
        self._batches = 0

    def entered(self, now_s: float, /) -> bytes:
        stored, self.stored = self.stored, []
        some = [stored[n : n + _IN_A_BATCH] for n in range(0, len(stored), _IN_A_BATCH)]
        return b"".join([self._send_batch(numbers, now_s) for numbers in some])

    def _keep(self, numbers: Sequence[int]) -> None:
        self.stored += numbers

    def _send_batch(self, numbers: Sequence[int], now_s: float) -> bytes:
        serial = MOST_POSITIONS + 1 + self._batches % (MOST_POSITIONS + 1)
        self._batches += 1
        self.counts.batches += 1
        self.counts.sent += len(numbers)
        self.ledger.note(serial, Sent(BATCH, tuple(numbers), None, now_s))
        reports = [self.journey.reports[number] for number in numbers]
        return blind_frame(self.terminal, serial, reports)


class AlarmStoring(Reporting):
    """Keeps sending; stores only alarms, and repeats those until they are answered."""

    repeats_after_s: ClassVar[float] = 5.0

    def entered(self, now_s: float, /) -> bytes:
        stored, self.stored = self.stored, []
        return b"".join([self._send(number, None, now_s) for number in stored])

    def overdue(self, now_s: float, /) -> bytes:
        repeated: list[bytes] = []
        for serial, sent in list(self.ledger.unanswered.items()):
            if sent.sent_s > now_s - self.repeats_after_s:
                continue
            for number in filter(self.journey.is_alarm, sent.numbers):
                self.ledger.note_again(serial, now_s)
                self.counts.sent += 1
                repeated.append(self.journey.frames[number])
        return b"".join(repeated)

    def _keep(self, numbers: Sequence[int]) -> None:
        alarms = [number for number in numbers if self.journey.is_alarm(number)]
        self.stored += alarms
        self.counts.dropped += len(numbers) - len(alarms)
