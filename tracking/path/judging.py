"""Intrinsic judgement of many positions at once: the vectorised twin of `judgement.py`.

Which reasons there are and what they mean is said there; a property test holds both to the same.
"""

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from tracking.path.judgement import ROLLOVER, JudgementRules, Reason, Region

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_UNKNOWN = np.iinfo(np.int64).min
_ROLLOVER_US = ROLLOVER // timedelta(microseconds=1)


def judge(
    time_us: Ints,
    latitude: Floats,
    longitude: Floats,
    fixed: Flags,
    encrypted: Flags,
    received_us: Ints,
    rules: JudgementRules,
) -> tuple[Ints, NDArray[np.int32]]:
    """Return the repaired times and all reasons that apply.

    Times are microseconds since 1970, the terminal's own before repair and the least int64 where
    they are unreadable; so are repaired times that are implausible.
    """
    readable = time_us != _UNKNOWN
    own = np.where(readable, time_us, received_us)
    time, repaired = _repair(own, received_us, rules)
    late = received_us - time
    future = -late > _us(rules.future_after)
    stale = late > _us(rules.stale_after)
    reasons = np.zeros(len(time_us), np.int32)
    reasons[~readable] |= Reason.TIME_UNREADABLE
    reasons[repaired] |= Reason.ROLLOVER_REPAIRED
    reasons[future] |= Reason.FUTURE
    reasons[stale] |= Reason.STALE
    reasons |= _judge_place(latitude, longitude, rules.region)
    reasons[~fixed] |= Reason.NO_FIX
    reasons[encrypted] |= Reason.ENCRYPTED
    return np.where(readable & ~future & ~stale, time, _UNKNOWN), reasons


def _repair(own: Ints, received_us: Ints, rules: JudgementRules) -> tuple[Ints, Flags]:
    periods = np.rint((received_us - own) / _ROLLOVER_US).astype(np.int64)
    repaired = own + periods * _ROLLOVER_US
    ahead = repaired - received_us
    is_repaired = (
        (periods >= 1) & (ahead >= -_us(rules.stale_after)) & (ahead <= _us(rules.future_after))
    )
    return np.where(is_repaired, repaired, own), is_repaired


def _judge_place(latitude: Floats, longitude: Floats, region: Region | None) -> NDArray[np.int32]:
    # Written so that NaN falls on the impossible side.
    possible = (np.abs(latitude) <= 90.0) & (np.abs(longitude) <= 180.0)
    zero = (latitude == 0.0) & (longitude == 0.0)
    reasons = np.zeros(len(latitude), np.int32)
    if region is not None:
        inside = (
            (latitude >= region.south)
            & (latitude <= region.north)
            & (longitude >= region.west)
            & (longitude <= region.east)
        )
        reasons[possible & ~zero & ~inside] = Reason.OUTSIDE_REGION
    reasons[zero] = Reason.ZERO_ISLAND
    reasons[~possible] = Reason.IMPOSSIBLE_COORDINATES
    return reasons


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
