"""What the paced swarm counts."""

from dataclasses import dataclass, fields


@dataclass(slots=True)
class Counts:
    """Positions unless said otherwise.

    offered: came due, whether there was a link or not
    sent: written to a link, each time that it was
    acknowledged: answered with success at least once
    dropped: given up by a terminal that stores only alarms
    waiting: on offer and not answered when the run ended
    refused, repeated, unknown: answers of failure, answers to what was answered already, answers
        to what was never sent; each message
    unread: frames that are no general answer
    batches: messages 0x0704 sent
    beats, beats_answered: heartbeats that came due and were sent, and the answered ones of them
    links_lost: links that the platform ended
    tunnels: links that the terminal lost on purpose
    """

    offered: int = 0
    sent: int = 0
    acknowledged: int = 0
    dropped: int = 0
    waiting: int = 0
    refused: int = 0
    repeated: int = 0
    unknown: int = 0
    unread: int = 0
    batches: int = 0
    beats: int = 0
    beats_answered: int = 0
    links_lost: int = 0
    tunnels: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        names = [field.name for field in fields(Counts)]
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def wrong_answers(self) -> int:
        """Answers that an honest platform doesn't give to an honest terminal."""
        return self.refused + self.repeated + self.unknown + self.unread
