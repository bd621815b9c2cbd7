"""Rule not_back_at_night: a night away from the base that nothing explains (夜间未回定点停放点).

The night of a day runs from its evening to the next morning in Asia/Shanghai. What counts is the
time that the vehicle is known to be away (standing elsewhere, or driving) and that lies in no
order, service order or filing. Unknown whereabouts are not "away"; they are said as such.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from audit.explained import Explanation
from audit.intervals import Interval, clipped, seconds, without
from audit.rules import Rule
from audit.rules.drafts import Counter, FindingDraft
from audit.rules.thresholds import NightThresholds
from audit.rules.wording import duration, instant
from audit.uses import BasePlace, Use
from kit.clock import SHANGHAI


@dataclass(frozen=True, slots=True)
class Rest:
    """A stop at (latitude, longitude); an open end means that the vehicle still stands there."""

    start: datetime
    end: datetime | None
    place: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drive:
    """A trip, from its first position to its last."""

    trip_id: UUID
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Night:
    """What is known of a vehicle in a night; `heard` are the times of its positions in order."""

    rests: Sequence[Rest]
    drives: Sequence[Drive]
    explanations: Sequence[Explanation]
    heard: Sequence[datetime]


def night_window(night: date, thresholds: NightThresholds) -> Interval:
    """Return [start, end) of the night that begins on this day."""
    start = datetime.combine(night, time(thresholds.from_hour), SHANGHAI)
    end = datetime.combine(night + timedelta(days=1), time(thresholds.to_hour), SHANGHAI)
    return start, end


def judge_night(
    night: date, known: Night, use: Use, thresholds: NightThresholds
) -> FindingDraft | None:
    """Return what is found in a night that is over, None if it is nothing.

    `use` is the one in force at the window's start; a vehicle without a base is never away.
    """
    if use.base is None:
        return None
    window = night_window(night, thresholds)
    reach_m = use.base.reach_m(thresholds.base_radius_m)
    elsewhere = [r for r in known.rests if use.base.distance_m(r.place) > reach_m]
    away = clipped([*_rest_spans(elsewhere, window), *_spans(known.drives)], window)
    unexplained = without(away, _spans(known.explanations))
    if seconds(unexplained) < thresholds.away_s:
        return None
    whereabouts = clipped([*_rest_spans(known.rests, window), *_spans(known.drives)], window)
    unknown_s = seconds(without([window], whereabouts))
    trips = [d.trip_id for d in known.drives if clipped([(d.start, d.end)], window)]
    return FindingDraft(
        rule=Rule.NOT_BACK_AT_NIGHT,
        subject=night.isoformat(),
        organisation_no=use.organisation_no,
        day=night,
        start=unexplained[0][0],
        end=unexplained[-1][1],
        trip_id=trips[0] if trips else None,
        figures={
            "away_s": seconds(unexplained),
            "explained_s": seconds(away) - seconds(unexplained),
            "unknown_s": unknown_s,
            "window_start": instant(window[0]),
            "window_end": instant(window[1]),
            "base": use.base.name,
            **_farthest(elsewhere, use.base, window),
        },
        counter_evidence=(
            *_about_explained(away, unexplained),
            *_about_unknown(unknown_s),
            *_about_silence(known.heard, window),
            *_about_margin(elsewhere, use.base, reach_m, window),
        ),
    )


def _spans(things: Iterable[Drive | Explanation]) -> list[Interval]:
    return [(thing.start, thing.end) for thing in things]


def _rest_spans(rests: Iterable[Rest], window: Interval) -> list[Interval]:
    return [(r.start, window[1] if r.end is None else r.end) for r in rests]


def _within(rests: Iterable[Rest], window: Interval) -> list[Rest]:
    return [r for r in rests if clipped(_rest_spans([r], window), window)]


def _farthest(elsewhere: Sequence[Rest], base: BasePlace, window: Interval) -> dict[str, object]:
    """Return where it stood farthest from the base; None if it only drove."""
    rests = _within(elsewhere, window)
    if not rests:
        return {"farthest_from_base_m": None, "latitude": None, "longitude": None}
    farthest = max(rests, key=lambda r: base.distance_m(r.place))
    return {
        "farthest_from_base_m": round(base.distance_m(farthest.place)),
        "latitude": farthest.place[0],
        "longitude": farthest.place[1],
    }


def _about_explained(away: Sequence[Interval], unexplained: Sequence[Interval]) -> list[Counter]:
    explained_s = seconds(away) - seconds(unexplained)
    if not explained_s:
        return []
    sentence = f"当夜另有 {duration(explained_s)}在外，由派车任务或报备说明，未计入。"
    return [Counter("partly_explained", sentence)]


def _about_unknown(unknown_s: int) -> list[Counter]:
    if not unknown_s:
        return []
    return [Counter("unknown", f"当夜有 {duration(unknown_s)}位置不明，未计为在外。")]


def _about_silence(heard: Sequence[datetime], window: Interval) -> list[Counter]:
    """Say how long the terminal was silent: a stop is then only the last that was heard of."""
    moments = window[0], *heard, window[1]
    longest_s = max((b - a).total_seconds() for a, b in pairwise(moments))
    if longest_s < 3600:
        return []
    sentence = f"车载终端当夜最长 {duration(longest_s)}没有定位，停放位置以最后一次定位为准。"
    return [Counter("terminal_silent", sentence)]


def _about_margin(
    elsewhere: Sequence[Rest], base: BasePlace, reach_m: float, window: Interval
) -> list[Counter]:
    rests = _within(elsewhere, window)
    if not rests:
        return []
    nearest_m = min(base.distance_m(r.place) for r in rests)
    if nearest_m >= 2 * reach_m:
        return []
    sentence = f"停放处距定点停放点 {nearest_m:.0f} 米，范围为 {reach_m:.0f} 米。"
    return [Counter("small_margin", sentence)]
