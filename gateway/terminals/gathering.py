"""Positions of authenticated links, gathered undecoded while the last commit is in flight.

What a read brought waits as it came. When a batch is made, everything that waits is read, judged,
placed and submitted together; when it is committed, each link is answered once.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gateway.protocols.jt808.batch_messages import read_plain_batch
from gateway.terminals.answering import FrameAnswers, MessageAnswers
from gateway.terminals.counters import Counters
from gateway.terminals.reading import read_frames, read_messages
from gateway.terminals.waiting import Frames, Messages, PlainMessage
from tracking.path.ingest import Ingest
from tracking.path.judgement import JudgementRules

if TYPE_CHECKING:
    from gateway.terminals.link import TerminalLink


class PositionGathering:
    """Frames of one position (0x0200) and messages of many (0x0704) that wait for their batch."""

    def __init__(self, ingest: Ingest, rules: JudgementRules, counters: Counters) -> None:
        self._ingest, self._rules, self._counters = ingest, rules, counters
        self._frames, self._messages = Frames(), Messages()
        ingest.take_from(self)

    def __len__(self) -> int:
        return len(self._frames) + self._messages.positions

    def add_frames(self, link: "TerminalLink", chunks: Sequence[bytes], received_us: int) -> None:
        """Take frames; the link is answered when they are committed."""
        self._frames.add(link, chunks, received_us)
        self._ingest.wake()

    def add_message(self, link: "TerminalLink", chunk: bytes, received_us: int) -> None:
        """Take a message of many positions; the link is answered when they are committed."""
        self._messages.add(link, chunk, received_us)
        self._ingest.wake()

    def clear(self) -> None:
        """Forget everything: the links are closed, and their terminals will send it again."""
        self._frames, self._messages = Frames(), Messages()

    def submit_some(self, most: int) -> None:
        """Read about `most` positions, submit the plain ones, give the rest back to its links."""
        frames = self._frames.take(most)
        if frames.chunks:
            self._submit_frames(frames)
        room = most - len(frames)
        for share in self._messages.take_shares(room):
            self._submit_messages(share)

    def _submit_frames(self, frames: Frames) -> None:
        arrays, columns = read_frames(frames, self._rules)
        if len(columns):
            links = [frames.links[index] for index in arrays.index.tolist()]
            answers = FrameAnswers(links, arrays, self._counters)
            self._ingest.submit(columns).add_done_callback(answers)
        if len(columns) < len(frames):
            others = np.setdiff1d(np.arange(len(frames)), arrays.index).tolist()
            for index in others:
                frames.links[index].read_alone(frames.chunks[index])

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
