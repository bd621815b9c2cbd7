"""Today's codec of JT/T 808 for positions that are stored already."""

from collections.abc import Sequence

import numpy as np

from fleet.words import Protocol
from gateway.protocols.jt808.batch_positions import (
    DECODE_VERSION,
    PositionArrays,
    decode_bodies,
)
from gateway.protocols.jt808.position import decode_position
from gateway.terminals.jt808_positions import judged_columns
from tracking.judgement import JudgementRules
from tracking.path.columns import UNKNOWN, PositionColumns
from tracking.path.redecoding import Codec


def jt808_codec(rules: JudgementRules) -> Codec:
    """Return the codec with the rules by which positions are judged."""

    def read(old: PositionColumns) -> PositionColumns:
        records = old.records
        return judged_columns(
            _decoded(old.raw),
            records["terminal_no"],
            records["received_at"],
            rules,
            backfilled=records["backfilled"],
        )

    return Codec(Protocol.JT808, DECODE_VERSION, read)


def _decoded(raw: Sequence[bytes]) -> PositionArrays:
    arrays = decode_bodies(raw)
    # Of what the batch decoder leaves to the scalar codec only the odometer is open.
    for index in np.flatnonzero(~arrays.sure).tolist():
        odometer_m = decode_position(raw[index]).odometer_m
        arrays.odometer_m[index] = UNKNOWN if odometer_m is None else odometer_m
    return arrays
