"""The stages before the commit: many frames or messages become judged positions in arrays.

No bytes are known that make a stage fail; if some do, they must stop nobody: a stage that fails is
logged, and its frames are read one by one.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.protocols.jt808.batch_cutting import Cut, cut
from gateway.protocols.jt808.batch_frames import FrameArrays, decode_cut, decode_frames
from gateway.protocols.jt808.batch_positions import decode_all
from gateway.terminals.jt808_positions import judged_columns
from gateway.terminals.waiting import PlainMessage, Segments
from tracking.path.columns import NO_POSITIONS, PositionColumns
from tracking.path.judgement import JudgementRules

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadFrames:
    """The frames of some segments: all chunks, the plain ones among them as sent and as judged.

    of: for each plain frame the index of its segment
    """

    chunks: Cut
    arrays: FrameArrays
    columns: PositionColumns
    of: NDArray[np.int64]

    @property
    def others(self) -> list[int]:
        """The indices of the chunks that are no plain frame of their link's terminal."""
        if len(self.columns) == len(self.chunks):
            return []
        others: list[int] = np.setdiff1d(np.arange(len(self.chunks)), self.arrays.index).tolist()
        return others


def read_frames(segments: Segments, rules: JudgementRules) -> ReadFrames:
    """Return what the segments hold."""
    chunks = cut(segments.octets)
    try:
        return _read_plain(segments, chunks, rules)
    except Exception:
        log.exception("frames could not be read together")
        return ReadFrames(chunks, decode_frames(()), NO_POSITIONS, np.empty(0, np.int64))


def _read_plain(segments: Segments, chunks: Cut, rules: JudgementRules) -> ReadFrames:
    signatures = b"".join([link.signature for link in segments.links])
    signed = np.frombuffer(signatures, np.uint8).reshape(len(segments.links), -1)
    arrays = decode_cut(chunks, signed[chunks.of])
    of = chunks.of[arrays.index]
    columns = judged_columns(
        arrays.positions,
        np.array([link.terminal_no for link in segments.links])[of],
        np.array(segments.received_us)[of],
        rules,
    )
    return ReadFrames(chunks, arrays, columns, of)


def read_messages(
    messages: Sequence[PlainMessage], rules: JudgementRules
) -> PositionColumns | None:
    """Return the positions of plain batch messages as judged; None if they can't be read so."""
    bodies = [body for message in messages for body in message.batch.bodies]
    of = np.repeat(np.arange(len(messages)), [len(one.batch.bodies) for one in messages])
    try:
        return judged_columns(
            decode_all(bodies),
            np.array([one.link.terminal_no for one in messages])[of],
            np.array([one.received_us for one in messages])[of],
            rules,
            backfilled=np.array([one.batch.blind for one in messages])[of],
        )
    except Exception:
        log.exception("batch messages could not be read together")
        return None
