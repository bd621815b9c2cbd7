"""What waits undecoded: what the reads of identified links have brought."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gateway.protocols.jt808.batch_frames import POSITION_ID
from gateway.protocols.jt808.batch_messages import PlainBatch

if TYPE_CHECKING:
    from gateway.terminals.link import TerminalLink

_BYTES_A_POSITION = 60
_SHARE = 500


class Parcel(NamedTuple):
    """What one read of a link brought: chunks between flags, none of them decoded."""

    link: "TerminalLink"
    chunks: Sequence[bytes]
    received_us: int

    @property
    def signature(self) -> bytes:
        """The terminal's number as plain position frames bear it."""
        assert self.link.signature is not None
        return self.link.signature

    @property
    def terminal_no(self) -> int:
        """The terminal that the link has proved to be."""
        assert self.link.terminal is not None
        return self.link.terminal.no

    @property
    def positions(self) -> int:
        """About how many positions wait: a batch message has some tens of bytes for each."""
        if self.chunks[0].startswith(POSITION_ID):
            return len(self.chunks)
        return sum(1 + len(chunk) // _BYTES_A_POSITION for chunk in self.chunks)


class Message(NamedTuple):
    """A plain batch message, the chunk that it was, and the parcel that it came in."""

    parcel: Parcel
    chunk: bytes
    batch: PlainBatch


def in_shares(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """Yield the messages in shares of some hundred positions, so that a batch can end between."""
    share: list[Message] = []
    size = 0
    for message in messages:
        share.append(message)
        size += len(message.batch.bodies)
        if size >= _SHARE:
            yield share
            share, size = [], 0
    if share:
        yield share
