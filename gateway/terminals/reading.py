"""The stages before the commit: many frames or messages become judged positions in arrays.

No bytes are known that make a stage fail; if some do, they must stop nobody: a stage that fails is
logged, and its frames are read one by one.
"""

import logging
from collections.abc import Sequence

import numpy as np

from gateway.protocols.jt808.batch_frames import FrameArrays, decode_frames
from gateway.protocols.jt808.batch_positions import decode_all
from gateway.terminals.jt808_positions import judged_columns
from gateway.terminals.waiting import Frames, PlainMessage
from tracking.path.columns import NO_POSITIONS, PositionColumns
from tracking.path.judgement import JudgementRules

log = logging.getLogger(__name__)


def read_frames(frames: Frames, rules: JudgementRules) -> tuple[FrameArrays, PositionColumns]:
    """Return the plain position frames among `frames`, as sent and as judged."""
    signatures = b"".join([link.signature for link in frames.links])
    signed = np.frombuffer(signatures, np.uint8).reshape(len(frames), -1)
    try:
        arrays = decode_frames(frames.chunks, signed)
        columns = judged_columns(
            arrays.positions,
            np.array([link.terminal_no for link in frames.links])[arrays.index],
            np.array(frames.received_us)[arrays.index],
            rules,
        )
    except Exception:
        log.exception("frames could not be read together")
        return decode_frames(()), NO_POSITIONS
    return arrays, columns


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
