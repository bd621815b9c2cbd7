"""Today's codec of JT/T 808 for positions that are stored already."""

from fleet.words import Protocol
from gateway.protocols.jt808.batch_positions import DECODE_VERSION, decode_all
from gateway.terminals.jt808_positions import judged_columns
from tracking.path.columns import PositionColumns
from tracking.path.judgement import JudgementRules
from tracking.redecoding.redecoding import Codec


def jt808_codec(rules: JudgementRules) -> Codec:
    """Return the codec with the rules by which positions are judged."""

    def read(old: PositionColumns) -> PositionColumns:
        records = old.records
        return judged_columns(
            decode_all(old.raw),
            records["terminal_no"],
            records["received_at"],
            rules,
            backfilled=records["backfilled"],
        )

    return Codec(Protocol.JT808, DECODE_VERSION, read)
