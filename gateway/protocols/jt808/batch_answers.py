"""Answers 0x8001 to single positions, many at once: the vectorised twin of `Jt808Session.reply`."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from gateway.protocols.jt808.batch_frames import FrameArrays
from gateway.protocols.jt808.batch_positions import Bytes, Flags, Ints
from gateway.protocols.jt808.framing import frame
from gateway.protocols.jt808.position_messages import PositionMessage
from gateway.protocols.jt808.session_messages import PlatformAnswer, Result

_BODY_LENGTH = 5
_VERSIONED = 0x4000


def position_answers(arrays: FrameArrays, serials: Ints) -> list[bytes]:
    """Return, for each position, the frame that says that it is stored.

    serials: our own, of the answers
    """
    answers = [b""] * len(serials)
    for is_new in (False, True):
        chosen = np.flatnonzero((arrays.version >= 0) == is_new)
        if len(chosen):
            payloads = _payloads(arrays, serials, chosen, is_new)
            for index, answer in zip(chosen.tolist(), _frames(payloads), strict=True):
                answers[index] = answer
    return answers


def _payloads(arrays: FrameArrays, serials: Ints, chosen: Ints, is_new: bool) -> Bytes:
    """Return header and body of the answers, one a row: all of one layout are equally long."""
    phone = arrays.phone[chosen]
    columns: list[NDArray[np.uint8]] = [
        _word(np.full(len(chosen), PlatformAnswer.message_id)),
        _word(np.full(len(chosen), _BODY_LENGTH | (_VERSIONED if is_new else 0))),
        arrays.version[chosen, None].astype(np.uint8) if is_new else phone[:, :0],
        phone if is_new else phone[:, 4:],
        _word(serials[chosen]),
        _word(arrays.serial[chosen]),
        _word(np.full(len(chosen), PositionMessage.message_id)),
        np.full((len(chosen), 1), Result.OK, np.uint8),
    ]
    return np.hstack(columns)


def _word(values: Ints) -> Bytes:
    return values.astype(">u2").view(np.uint8).reshape(-1, 2)


def _frames(payloads: Bytes) -> Sequence[bytes]:
    """Return the frames of equally long payloads; the few with something to escape, one by one."""
    summed = np.hstack((payloads, np.bitwise_xor.reduce(payloads, axis=1, keepdims=True)))
    needs_escape: Flags = ((summed == 0x7D) | (summed == 0x7E)).any(axis=1)
    framed = np.full((len(summed), summed.shape[1] + 2), 0x7E, np.uint8)
    framed[:, 1:-1] = summed
    width = framed.shape[1]
    joined = framed.tobytes()
    ends = accumulate([width] * len(framed))
    frames = [joined[end - width : end] for end in ends]
    for index in np.flatnonzero(needs_escape).tolist():
        frames[index] = frame(payloads[index].tobytes())
    return frames
