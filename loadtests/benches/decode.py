"""What a position frame costs to read: one by one by the scalar codec, and many at once.

The same frames, both ways in one run: single positions with the usual items, by 2,000 terminals,
every sixteenth in the 2019 header, as a link cuts them. CPU time of this process alone.
"""

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from gateway.protocols.jt808.batch_frames import decode_frames
from gateway.protocols.jt808.framing import Frame, frame, unwrap
from gateway.protocols.jt808.header import Edition, Packet, encode_header, open_frame, plain_header
from gateway.protocols.jt808.messages import decode_message
from gateway.protocols.jt808.position import Item, position_report
from gateway.protocols.jt808.position_messages import PositionMessage
from loadtests.measuring import Figure, Place

FRAMES = 20_000
BATCHES = (100, 1_000, 5_000)
ROUNDS = 5
_FIRST = datetime(2026, 11, 2, tzinfo=UTC)
_EXTRA = (Item(0x25, bytes(4)), Item(0x2A, bytes(2)), Item(0x30, b"\x1f"))


def run(_place: Place) -> list[Figure]:
    """Return frames a CPU second, both ways, and how many times as many the batch reads."""
    chunks = _chunks()
    one_by_one = _per_cpu_s(_read_one_by_one, chunks, len(chunks))
    figures = [Figure("one by one", one_by_one, "frames a CPU second")]
    for size in BATCHES:
        rate = _per_cpu_s(_read_batch, chunks, size)
        figures.append(Figure(f"in batches of {size:,}", rate, "frames a CPU second"))
        figures.append(Figure(f"in batches of {size:,}, ratio", rate / one_by_one, "times"))
    return figures


def _read_one_by_one(chunks: Sequence[bytes]) -> None:
    for chunk in chunks:
        whole = unwrap(chunk)
        assert isinstance(whole, Frame)
        packet = open_frame(whole)
        assert isinstance(packet, Packet)
        header = packet.header
        message = decode_message(header.message_id, packet.body, header.edition)
        assert isinstance(message, PositionMessage)
        position = message.position
        # What the platform stores is read by properties.
        _ = (position.time, position.latitude, position.longitude, position.speed_kmh)
        _ = (position.odometer_m, position.acc, position.fixed, position.digest())


def _read_batch(chunks: Sequence[bytes]) -> None:
    assert len(decode_frames(chunks).index) == len(chunks)


def _per_cpu_s(
    read: Callable[[Sequence[bytes]], None], chunks: Sequence[bytes], size: int
) -> float:
    batches = [chunks[start : start + size] for start in range(0, len(chunks), size)]
    best_s = min(_spent_s(read, batches) for _ in range(ROUNDS))
    return len(chunks) / best_s


def _spent_s(read: Callable[[Sequence[bytes]], None], batches: Sequence[Sequence[bytes]]) -> float:
    began_s = time.process_time()
    for batch in batches:
        read(batch)
    return time.process_time() - began_s


def _chunks() -> list[bytes]:
    chance = random.Random(808)
    chunks = []
    for n in range(FRAMES):
        edition = Edition.V2013 if n % 16 else Edition.V2019
        body = position_report(
            _FIRST + timedelta(seconds=n),
            30 + chance.random() * 10,
            110 + chance.random() * 10,
            speed_kmh=chance.randrange(120),
            course_deg=chance.randrange(360),
            odometer_m=n * 100,
            satellites=12,
            extra_items=_EXTRA,
        ).body
        header = plain_header(0x0200, f"139{n % 2000:08}", n & 0xFFFF, edition)
        chunks.append(frame(encode_header(header.carrying(len(body))) + body)[1:-1])
    return chunks
