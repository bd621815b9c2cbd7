"""What tracking erases, kind by kind. Positions first: what is left of them is read again."""

from fleet.retention.kinds import DataKind
from fleet.retention.running import Counts, Eraser, Erasure
from kit.database import Sessions
from tracking.retention.raw_frames import erase_raw_frames
from tracking.retention.rows import delete_rows
from tracking.retention.tracks import erase_tracks

_FRAMES = "quarantined_frame WHERE received_at < :before"
_DAY = (
    "tstzrange(d.day::timestamp AT TIME ZONE 'Asia/Shanghai', "
    "(d.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')"
)
_TERMINAL_DAYS = f"""
    terminal_day d WHERE d.day < (CAST(:before AS timestamptz) AT TIME ZONE 'Asia/Shanghai')::date
    AND NOT EXISTS (
        SELECT FROM hold h JOIN vehicle_terminal b ON b.vehicle_no = h.vehicle_no
        WHERE h.released_at IS NULL AND b.terminal_no = d.terminal_no
          AND b.period && {_DAY} AND h.period && {_DAY}
    )
"""


async def erase_quarantine(sessions: Sessions, erasure: Erasure) -> Counts:
    """Erase frames that could not become positions."""
    return await delete_rows(sessions, erasure, {"quarantined_frame": _FRAMES})


async def erase_data_quality(sessions: Sessions, erasure: Erasure) -> Counts:
    """Erase the figures of terminals' days; those of held vehicles stay."""
    return await delete_rows(sessions, erasure, {"terminal_day": _TERMINAL_DAYS})


ERASERS: tuple[tuple[DataKind, Eraser], ...] = (
    (DataKind.TRACKS, erase_tracks),
    (DataKind.RAW_FRAMES, erase_raw_frames),
    (DataKind.DATA_QUALITY, erase_data_quality),
    (DataKind.QUARANTINE, erase_quarantine),
)
