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
    """What one read of a link brought: chunks between flags, none of them decoded.

    positions: how many there are in them, about
    """

    link: "TerminalLink"
    chunks: Sequence[bytes]
    received_us: int
    positions: int


def positions_in(chunks: Sequence[bytes]) -> int:
    """Return about how many positions wait: a batch message has some tens of bytes for each."""
    if chunks[0].startswith(POSITION_ID):
        return len(chunks)
    return sum(1 + len(chunk) // _BYTES_A_POSITION for chunk in chunks)


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
