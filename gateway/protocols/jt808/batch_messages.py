"""Batch messages (0x0704) whose items are plain positions: their bodies, to be read in arrays.

Frame and header are read by the scalar codec, once a message. What has a short item, a wrong length
or several packages is left to it whole.
"""

from dataclasses import dataclass

from gateway.protocols.jt808.framing import Frame, unwrap
from gateway.protocols.jt808.header import Header, Packet, open_frame
from gateway.protocols.jt808.position import BASIC_LENGTH
from gateway.protocols.jt808.position_messages import BLIND, PositionBatch, item_spans

BATCH_ID = PositionBatch.message_id.to_bytes(2)
_BEFORE_ITEMS = 3


@dataclass(frozen=True, slots=True)
class PlainBatch:
    """The position bodies of one message; `blind` if they were stored while the link was down."""

    header: Header
    blind: bool
    bodies: tuple[bytes, ...]


def read_plain_batch(chunk: bytes) -> PlainBatch | None:
    """Return the batch that `chunk`, the bytes between two flags, is; None if it isn't plain."""
    whole = unwrap(chunk)
    packet = open_frame(whole) if isinstance(whole, Frame) else None
    if not isinstance(packet, Packet):
        return None
    header, body = packet.header, packet.body
    if header.message_id != PositionBatch.message_id or header.package or header.encryption:
        return None
    items = body[_BEFORE_ITEMS:]
    spans = item_spans(items)
    if not spans or spans[-1][1] != len(items):
        return None
    bodies = tuple(items[start + 2 : end] for start, end in spans)
    if min(map(len, bodies)) < BASIC_LENGTH:
        return None
    return PlainBatch(header, body[2] == BLIND, bodies)
