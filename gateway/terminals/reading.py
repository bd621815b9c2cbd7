"""The stages before the commit: many frames or messages become judged positions in arrays.

No bytes are known that make a stage fail; if some do, they must stop nobody: a stage that fails is
logged, and its frames are read one by one.
"""

import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gateway.protocols.jt808.batch_frames import FrameArrays, decode_frames
from gateway.protocols.jt808.batch_positions import decode_all
from gateway.terminals.jt808_positions import judged_columns
from gateway.terminals.parcels import Message, Parcel
from tracking.path.columns import NO_POSITIONS, PositionColumns
from tracking.path.judgement import JudgementRules

log = logging.getLogger(__name__)


def read_frames(
    parcels: Sequence[Parcel],
    chunks: Sequence[bytes],
    owners: NDArray[np.int64],
    rules: JudgementRules,
) -> tuple[FrameArrays, PositionColumns]:
    """Return the plain position frames among `chunks`, as sent and as judged.

    owners: for each chunk the index of its parcel
    """
    signatures = b"".join([parcel.link.signature for parcel in parcels])
    signed = np.frombuffer(signatures, np.uint8).reshape(len(parcels), -1)
    try:
        arrays = decode_frames(chunks, signed[owners])
        of = owners[arrays.index]
        columns = judged_columns(
            arrays.positions,
            np.array([parcel.link.terminal_no for parcel in parcels])[of],
            np.array([parcel.received_us for parcel in parcels])[of],
            rules,
        )
    except Exception:
        log.exception("frames could not be read together")
        return decode_frames(()), NO_POSITIONS
    return arrays, columns


def read_messages(messages: Sequence[Message], rules: JudgementRules) -> PositionColumns | None:
    """Return the positions of plain batch messages as judged; None if they can't be read so."""
    bodies = [body for message in messages for body in message.batch.bodies]
    of = np.repeat(np.arange(len(messages)), [len(one.batch.bodies) for one in messages])
    try:
        return judged_columns(
            decode_all(bodies),
            np.array([one.parcel.link.terminal_no for one in messages])[of],
            np.array([one.parcel.received_us for one in messages])[of],
            rules,
            backfilled=np.array([one.batch.blind for one in messages])[of],
        )
    except Exception:
        log.exception("batch messages could not be read together")
        return None
