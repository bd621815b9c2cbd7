"""Positions of authenticated links, gathered undecoded while the last commit is in flight.

What a read brought waits as it came. When a batch is made, everything that waits is read, judged,
placed and submitted together; when it is committed, each link is answered once.
"""

from typing import TYPE_CHECKING

import numpy as np

from gateway.protocols.jt808.batch_messages import BATCH_ID, read_plain_batch
from gateway.terminals.answering import FrameAnswers, MessageAnswers
from gateway.terminals.counters import Counters
from gateway.terminals.reading import ReadFrames, read_frames, read_messages
from gateway.terminals.waiting import Messages, PlainMessage, Segments
from tracking.path.ingest import Ingest
from tracking.path.judgement import JudgementRules

if TYPE_CHECKING:
    from gateway.terminals.link import TerminalLink


class PositionGathering:
    """Frames of one position (0x0200) and messages of many (0x0704) that wait for their batch."""

    def __init__(self, ingest: Ingest, rules: JudgementRules, counters: Counters) -> None:
        self._ingest, self._rules, self._counters = ingest, rules, counters
        self._segments, self._messages = Segments(), Messages()
        ingest.take_from(self)

    def __len__(self) -> int:
        return self._segments.total + self._messages.positions

    def add_frames(
        self, link: "TerminalLink", octets: bytes, received_us: int, frames: int
    ) -> None:
        """Take a read of about so many frames; the link is answered when they are committed."""
        self._segments.add(link, octets, received_us, frames)
        self._ingest.wake()

    def add_message(self, link: "TerminalLink", chunk: bytes, received_us: int) -> None:
        """Take a message of many positions; the link is answered when they are committed."""
        self._messages.add(link, chunk, received_us)
        self._ingest.wake()

    def clear(self) -> None:
        """Forget everything: the links are closed, and their terminals will send it again."""
        self._segments, self._messages = Segments(), Messages()

    def submit_some(self, most: int) -> None:
        """Read about `most` positions, submit the plain ones, give the rest back to its links."""
        # Live before what was stored, but a quarter is for that, or it would wait for ever.
        segments = self._segments.take(most - min(self._messages.positions, most // 4))
        if segments.links:
            self._submit_frames(segments)
        for share in self._messages.take_shares(most - segments.total):
            self._submit_messages(share)

    def _submit_frames(self, segments: Segments) -> None:
        read = read_frames(segments, self._rules)
        self._correct_counts(segments, read)
        if len(read.columns):
            links = [segments.links[index] for index in read.of.tolist()]
            oldest_us = segments.received_us[0]
            answers = FrameAnswers(links, read.arrays, oldest_us, self._counters)
            self._ingest.submit(read.columns).add_done_callback(answers)
        self._counters.frames.inc(len(read.chunks))
        for index in read.others:
            segment = int(read.chunks.of[index])
            link, chunk = segments.links[segment], read.chunks.chunk(index)
            if chunk.startswith(BATCH_ID):
                self.add_message(link, chunk, segments.received_us[segment])
            else:
                link.read_alone(chunk)

    @staticmethod
    def _correct_counts(segments: Segments, read: ReadFrames) -> None:
        """Tell links that await as many answers as their reads seemed to have frames."""
        if len(read.chunks) == len(segments.links) == segments.total:
            return
        counts = np.bincount(read.chunks.of, minlength=len(segments.links)).tolist()
        for link, counted, seemed in zip(segments.links, counts, segments.frames, strict=True):
            if counted != seemed:
                link.await_answer(counted - seemed)

    def _submit_messages(self, waiting: Messages) -> None:
        plain: list[PlainMessage] = []
        for link, chunk, received_us in waiting:
            batch = read_plain_batch(chunk)
            if batch is None or not link.signs(batch.header):
                link.read_alone(chunk)
            else:
                plain.append(PlainMessage(link, chunk, received_us, batch))
        columns = read_messages(plain, self._rules) if plain else None
        if columns is not None:
            answers = MessageAnswers(plain, self._counters)
            self._ingest.submit(columns).add_done_callback(answers)
            return
        for message in plain:
            message.link.read_alone(message.chunk)
