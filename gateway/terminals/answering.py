"""The stage after the commit: every link is told what is stored, in one write."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gateway.protocols.jt808.batch_answers import position_answers
from gateway.protocols.jt808.batch_frames import FrameArrays
from gateway.terminals.counters import Counters
from gateway.terminals.waiting import PlainMessage

if TYPE_CHECKING:
    from gateway.terminals.link import TerminalLink


class FrameAnswers:
    """Answers the positions of a batch, each link's together, once they are committed.

    links: whose each position is
    received_us: when the oldest was received
    """

    def __init__(
        self,
        links: "Sequence[TerminalLink]",
        arrays: FrameArrays,
        received_us: int,
        counters: Counters,
    ) -> None:
        self._of, self._arrays, self._counters = links, arrays, counters
        self._received_us = received_us

    def __call__(self, committed: "asyncio.Future[None]") -> None:
        if committed.cancelled() or committed.exception() is not None:
            return
        numbers: dict[TerminalLink, int] = {}
        numbered = [numbers.setdefault(link, len(numbers)) for link in self._of]
        if len(numbers) == len(numbered):
            self._answer_each(list(numbers))
        else:
            self._answer_together(list(numbers), np.array(numbered))
        self._counters.acknowledge(len(numbered), self._received_us)

    def _answer_each(self, links: "Sequence[TerminalLink]") -> None:
        """Answer where every link has sent one."""
        serials = np.array([link.session.take_serials(1) for link in links])
        for link, answer in zip(links, position_answers(self._arrays, serials), strict=True):
            link.answered(answer, 1)

    def _answer_together(self, links: "Sequence[TerminalLink]", of: np.ndarray) -> None:
        order = np.argsort(of, kind="stable")
        counts = np.bincount(of, minlength=len(links))
        firsts = [
            link.session.take_serials(count)
            for link, count in zip(links, counts.tolist(), strict=True)
        ]
        starts = np.cumsum(counts) - counts
        ranks = np.arange(len(order)) - np.repeat(starts, counts)
        serials = np.empty(len(order), np.int64)
        serials[order] = (np.repeat(firsts, counts) + ranks) & 0xFFFF
        answers = position_answers(self._arrays, serials)
        ordered = [answers[index] for index in order.tolist()]
        for link, start, count in zip(links, starts.tolist(), counts.tolist(), strict=True):
            link.answered(b"".join(ordered[start : start + count]), count)


class MessageAnswers:
    """Answers batch messages, in the order of their arrival, once they are committed."""

    def __init__(self, messages: Sequence[PlainMessage], counters: Counters) -> None:
        self._messages, self._counters = messages, counters

    def __call__(self, committed: "asyncio.Future[None]") -> None:
        if committed.cancelled() or committed.exception() is not None:
            return
        for message in self._messages:
            message.link.answered_batch(message.batch.header)
        positions = sum(len(message.batch.bodies) for message in self._messages)
        self._counters.acknowledge(positions, self._messages[0].received_us)
