"""What every terminal of the paced swarm does. No socket, no clock: what to write comes out."""

from typing import ClassVar

from loadtests.swarm.answers import HEARTBEAT, Answer
from loadtests.swarm.counts import Counts
from loadtests.swarm.frames import greeting, heartbeat, signature_of
from loadtests.swarm.ledger import Ledger, Sent

_GREETING_SERIAL = 0


class Terminal:
    """One terminal of the swarm: what every kind has."""

    closes_after_s: ClassVar[float | None] = None
    """How long an answer may be missing before the terminal itself takes the link for dead."""

    def __init__(self, terminal: int, counts: Counts) -> None:
        self.terminal, self.counts = terminal, counts
        self.ledger = Ledger(signature_of(terminal), counts)

    def greet(self, now_s: float) -> bytes:
        """Return what is sent first over a new link; it proves who this is."""
        self.ledger.note(_GREETING_SERIAL, Sent(HEARTBEAT, (), None, now_s))
        return greeting(self.terminal)

    def heard(self, answer: Answer) -> Sent | None:
        """Return what this answer acknowledges, if it does."""
        sent = self.ledger.check(answer)
        if sent is not None and answer.serial != _GREETING_SERIAL:
            self._acknowledged(sent)
        return sent

    def unanswered_since(self) -> float | None:
        """Return when the oldest message without an answer was sent."""
        oldest = next(iter(self.ledger.unanswered.values()), None)
        return None if oldest is None else oldest.sent_s

    def entered(self, _now_s: float, /) -> bytes:
        """Return what is sent as soon as the link stands."""
        return b""

    def due(self, number: int, due_s: float, now_s: float, *, linked: bool) -> bytes:
        """Return what is sent of the message that came due."""
        raise NotImplementedError

    def overdue(self, _now_s: float, /) -> bytes:
        """Return what is sent again because no answer came."""
        return b""

    def lost(self) -> None:
        """Note that the link is gone."""
        self.ledger.forget()

    def _acknowledged(self, sent: Sent, /) -> None:
        raise NotImplementedError


class Beating(Terminal):
    """Holds its link by heartbeats."""

    def due(self, number: int, due_s: float, now_s: float, *, linked: bool) -> bytes:
        if not linked:
            return b""
        self.counts.beats += 1
        self.ledger.note(number + 1, Sent(HEARTBEAT, (), due_s, now_s))
        return heartbeat(self.terminal, number + 1)

    def _acknowledged(self, _sent: Sent, /) -> None:
        self.counts.beats_answered += 1
