"""The stage after the commit: every link is told what is stored, in one write."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gateway.protocols.jt808.batch_answers import position_answers
from gateway.protocols.jt808.batch_frames import FrameArrays
from gateway.terminals.counters import Counters
from gateway.terminals.parcels import Message, Parcel

if TYPE_CHECKING:
    from gateway.terminals.link import TerminalLink

Ints = NDArray[np.int64]


class FrameAnswers:
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


class MessageAnswers:
    """Answers batch messages once they are committed."""

    def __init__(self, messages: Sequence[Message], counters: Counters) -> None:
        self._messages, self._counters = messages, counters

    def __call__(self, committed: "asyncio.Future[None]") -> None:
        if committed.cancelled() or committed.exception() is not None:
            return
        for message in self._messages:
            message.parcel.link.answered_batch(message.batch.header)
            self._counters.positions.inc(len(message.batch.bodies))
