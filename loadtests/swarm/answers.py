"""What the swarm makes of what it is answered; nothing here is shared with the codec under test."""

from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import NamedTuple

FLAG = 0x7E
POSITION, BATCH, HEARTBEAT = 0x0200, 0x0704, 0x0002
_GENERAL_ANSWER = 0x8001
_PHONE = slice(4, 10)
_HEADER_BYTES = 12


class Answer(NamedTuple):
    """A general answer (0x8001): to whom, to which serial and message id, and with what result."""

    phone: bytes
    serial: int
    message_id: int
    result: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the answers of one link compare with what it sent."""

    acknowledged: int
    refused: int
    repeated: int
    unread: int


def judge(received: bytes, sent: int) -> Verdict:
    """Compare the answers to positions with the serials 1 to `sent` (JT/T 808-2013, 8.2)."""
    accepted: set[int] = set()
    refused = repeated = unread = 0
    for chunk in received.split(bytes([FLAG])):
        if not chunk:
            continue
        answer = read_answer(chunk)
        if answer is None:
            unread += 1
            continue
        if answer.message_id != POSITION:
            continue
        if answer.result != 0 or not 1 <= answer.serial <= sent:
            refused += 1
        elif answer.serial in accepted:
            repeated += 1
        else:
            accepted.add(answer.serial)
    return Verdict(len(accepted), refused, repeated, unread)


def read_answer(chunk: bytes) -> Answer | None:
    """Return the answer in the bytes between two flags; None if they are no general answer."""
    # In this order: an escaped 7d followed by 02 must not become a flag (4.4.2).
    payload = chunk.replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d")
    body = payload[_HEADER_BYTES:-1]
    if reduce(xor, payload) or int.from_bytes(payload[:2]) != _GENERAL_ANSWER or len(body) != 5:
        return None
    return Answer(payload[_PHONE], int.from_bytes(body[:2]), int.from_bytes(body[2:4]), body[4])
