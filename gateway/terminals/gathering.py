"""Position frames of authenticated links, gathered undecoded while the last commit is in flight.

What a read brought waits as it came. When a batch is made, everything that waits is read, judged,
placed and submitted together; when it is committed, each link is answered once.
"""

from collections import deque
from collections.abc import Sequence

import numpy as np

from gateway.protocols.jt808.batch_messages import BATCH_ID, read_plain_batch
from gateway.terminals.answering import FrameAnswers, MessageAnswers
from gateway.terminals.counters import Counters
from gateway.terminals.parcels import Message, Parcel, in_shares
from gateway.terminals.reading import read_frames, read_messages
from tracking.path.ingest import Ingest
from tracking.path.judgement import JudgementRules


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
        self._count += parcel.positions

    def clear(self) -> None:
        """Forget everything: the links are closed, and their terminals will send it again."""
        self._parcels.clear()
        self._count = 0

    def submit_some(self, most: int) -> None:
        """Read about `most` positions, submit the plain ones, give the rest back to its links."""
        parcels = self._take(most)
        chunks = [chunk for parcel in parcels for chunk in parcel.chunks]
        owners = np.repeat(np.arange(len(parcels)), [len(parcel.chunks) for parcel in parcels])
        arrays, columns = read_frames(parcels, chunks, owners, self._rules)
        if len(columns):
            answers = FrameAnswers(parcels, owners[arrays.index], arrays, self._counters)
            self._ingest.submit(columns).add_done_callback(answers)
        if len(columns) < len(chunks):
            others = np.setdiff1d(np.arange(len(chunks)), arrays.index).tolist()
            self._submit_messages([(parcels[owners[n]], chunks[n]) for n in others])

    def _submit_messages(self, others: Sequence[tuple[Parcel, bytes]]) -> None:
        """Submit the plain batch messages; give what is none back to its link."""
        messages: list[Message] = []
        for parcel, chunk in others:
            batch = read_plain_batch(chunk) if chunk.startswith(BATCH_ID) else None
            if batch is None or not parcel.link.signs(batch.header):
                parcel.link.read_alone(chunk)
            else:
                messages.append(Message(parcel, chunk, batch))
        for share in in_shares(messages):
            columns = read_messages(share, self._rules)
            if columns is None:
                for message in share:
                    message.parcel.link.read_alone(message.chunk)
            else:
                answers = MessageAnswers(share, self._counters)
                self._ingest.submit(columns).add_done_callback(answers)

    def _take(self, most: int) -> list[Parcel]:
        parcels: list[Parcel] = []
        count = 0
        while self._parcels and count < most:
            parcel = self._parcels.popleft()
            parcels.append(parcel)
            count += parcel.positions
        self._count -= count
        return parcels
