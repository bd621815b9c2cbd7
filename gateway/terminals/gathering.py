"""Position frames of authenticated links, gathered undecoded while the last commit is in flight.

What a read brought waits as it came. When a batch is made, everything that waits is read, judged,
placed and submitted together; when it is committed, each link is answered once.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gateway.protocols.jt808.batch_answers import position_answers
from gateway.protocols.jt808.batch_frames import FrameArrays, decode_frames
from gateway.terminals.counters import Counters
from gateway.terminals.jt808_positions import judged_columns
from tracking.ingest import Ingest
from tracking.judgement import JudgementRules

if TYPE_CHECKING:
    from gateway.terminals.link import TerminalLink

log = logging.getLogger(__name__)

Ints = NDArray[np.int64]


class Parcel(NamedTuple):
    """What one read of an identified link brought: chunks between flags, none of them decoded."""

    link: "TerminalLink"
    chunks: Sequence[bytes]
    received_us: int


class PositionGathering:
    """Parcels that wait for their batch."""

    def __init__(self, ingest: Ingest, rules: JudgementRules, counters: Counters) -> None:
        self._ingest, self._rules, self._counters = ingest, rules, counters
        self._parcels: deque[Parcel] = deque()
        self._count = 0
        ingest.take_from(self)

    def __len__(self) -> int:
        return self._count

    def add(self, parcel: Parcel) -> None:
        """Take what a read brought; its link is answered when it is committed."""
        if not self._parcels:
            self._ingest.wake()
        self._parcels.append(parcel)
        self._count += len(parcel.chunks)

    def clear(self) -> None:
        """Forget everything: the links are closed, and their terminals will send it again."""
        self._parcels.clear()
        self._count = 0

    def submit_some(self, most: int) -> None:
        """Decode about `most` frames, submit what is plain, and give the rest back to its links."""
        parcels = self._take(most)
        chunks = [chunk for parcel in parcels for chunk in parcel.chunks]
        owners = np.repeat(np.arange(len(parcels)), [len(parcel.chunks) for parcel in parcels])
        arrays = self._decoded(chunks, [_signature(p.link) for p in parcels], owners)
        if len(arrays.index):
            of = owners[arrays.index]
            columns = judged_columns(
                arrays.positions,
                np.array([_terminal_no(p.link) for p in parcels])[of],
                np.array([p.received_us for p in parcels])[of],
                self._rules,
            )
            answering = _Answering(parcels, of, arrays, self._counters)
            self._ingest.submit(columns).add_done_callback(answering)
        plain = set(arrays.index.tolist())
        if len(plain) < len(chunks):
            for n, owner in enumerate(owners.tolist()):
                if n not in plain:
                    parcels[owner].link.read_alone(chunks[n])

    def _take(self, most: int) -> list[Parcel]:
        parcels, count = [], 0
        while self._parcels and count < most:
            parcel = self._parcels.popleft()
            parcels.append(parcel)
            count += len(parcel.chunks)
        self._count -= count
        return parcels

    def _decoded(
        self, chunks: Sequence[bytes], signatures: Sequence[bytes], owners: Ints
    ) -> FrameArrays:
        numbers = np.frombuffer(b"".join(signatures), np.uint8).reshape(len(signatures), -1)
        try:
            return decode_frames(chunks, numbers[owners])
        except Exception:
            # No bytes are known that do this; if some do, they must stop nobody.
            log.exception("frames could not be decoded together")
            return decode_frames(())


def _signature(link: "TerminalLink") -> bytes:
    assert link.signature is not None
    return link.signature


def _terminal_no(link: "TerminalLink") -> int:
    assert link.terminal is not None
    return link.terminal.no


class _Answering:
    """Answers the positions of a batch, each link's together, once they are committed."""

    def __init__(
        self, parcels: Sequence[Parcel], of: Ints, arrays: FrameArrays, counters: Counters
    ) -> None:
        self._arrays, self._counters = arrays, counters
        numbered: dict[TerminalLink, int] = {}
        for parcel in parcels:
            numbered.setdefault(parcel.link, len(numbered))
        self._links = list(numbered)
        link_of = np.array([numbered[parcel.link] for parcel in parcels])[of]
        self._order = np.argsort(link_of, kind="stable")
        self._counts = np.bincount(link_of, minlength=len(self._links))

    def __call__(self, committed: "asyncio.Future[None]") -> None:
        if committed.cancelled() or committed.exception() is not None:
            return
        arrays, order, counts = self._arrays, self._order, self._counts
        firsts = [
            link.session.take_serials(count)
            for link, count in zip(self._links, counts.tolist(), strict=True)
        ]
        starts = np.cumsum(counts) - counts
        ranks = np.arange(len(order)) - np.repeat(starts, counts)
        serials = np.empty(len(order), np.int64)
        serials[order] = (np.repeat(firsts, counts) + ranks) & 0xFFFF
        answers = position_answers(arrays, serials)
        ordered = [answers[index] for index in order.tolist()]
        for link, start, count in zip(self._links, starts.tolist(), counts.tolist(), strict=True):
            if count:
                link.answered(b"".join(ordered[start : start + count]), count)
        self._counters.positions.inc(len(order))
