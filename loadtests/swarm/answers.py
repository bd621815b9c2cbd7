"""What the swarm makes of what it is answered; nothing here is shared with the codec under test."""

from dataclasses import dataclass

FLAG = 0x7E
_GENERAL_ANSWER = 0x8001
_POSITION = 0x0200
_HEADER_BYTES = 12


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
        answer = _read(chunk)
        if answer is None:
            unread += 1
            continue
        serial, message_id, result = answer
        if message_id != _POSITION:
            continue
        if result != 0 or not 1 <= serial <= sent:
            refused += 1
        elif serial in accepted:
            repeated += 1
        else:
            accepted.add(serial)
    return Verdict(len(accepted), refused, repeated, unread)


def _read(chunk: bytes) -> tuple[int, int, int] | None:
    # In this order: an escaped 7d followed by 02 must not become a flag (4.4.2).
    payload = chunk.replace(b"\x7d\x02", b"\x7e").replace(b"\x7d\x01", b"\x7d")
    parity = 0
    for byte in payload:
        parity ^= byte
    body = payload[_HEADER_BYTES:-1]
    if parity or int.from_bytes(payload[:2]) != _GENERAL_ANSWER or len(body) != 5:
        return None
    return int.from_bytes(body[:2]), int.from_bytes(body[2:4]), body[4]
