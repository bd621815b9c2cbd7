"""Rule moved_without_order (无派车任务行驶): driving that no order or filing explains.

A run is what of a trip is unexplained without a break. It is cut at Shanghai midnight, like every
figure, so that findings of a day rest on that day's metres alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from audit.explained import Explanation, Kind, Leg
from audit.rules import Rule
from audit.rules.drafts import Counter, FindingDraft
from audit.rules.thresholds import MovedThresholds
from audit.rules.wording import beijing, duration, instant
from audit.uses import BasePlace

Places = Mapping[datetime, tuple[float, float]]

_M_S_PER_KMH = 1 / 3.6
_SOURCES = {"ordered": "派车任务", "service": "车务派车", "filed": "报备"}


def moving_positions(run: Leg, thresholds: MovedThresholds) -> list[int]:
    """Return the indexes of the run's positions that were reached faster than `moving_kmh`."""
    trip, slow_m_s = run.trip, thresholds.moving_kmh * _M_S_PER_KMH
    return [
        pair + 1
        for pair in range(run.first, run.last + 1)
        if trip.pair_m[pair] > slow_m_s * max(1, trip.offsets_s[pair + 1] - trip.offsets_s[pair])
    ]


def judge_run(
    run: Leg,
    places: Places,
    base: BasePlace | None,
    explanations: Sequence[Explanation],
    thresholds: MovedThresholds,
) -> FindingDraft | None:
    """Return what is found in a run of unexplained pairs, None if it is nothing.

    `places` are the positions (latitude, longitude) known of the vehicle, by time; `explanations`
    those around the run. Without a base, or without a single known place, movement alone decides.
    """
    moving = moving_positions(run, thresholds)
    far_m = _distances_m(run, places, base)
    if base is not None and far_m:
        reach_m = base.reach_m(thresholds.from_base_m)
        moving = [p for p in moving if far_m.get(p, 0.0) > reach_m]
    if len(moving) < thresholds.moving_positions:
        return None
    return FindingDraft(
        rule=Rule.MOVED_WITHOUT_ORDER,
        subject=instant(run.start),
        organisation_no=run.organisation_no,
        day=run.day,
        start=run.start,
        end=run.end,
        trip_id=run.trip.id,
        figures=_figures(run, moving, far_m, base),
        counter_evidence=(
            *_about_base(far_m, base, thresholds),
            *_about_gaps(run, thresholds),
            *_about_neighbours(run, explanations, thresholds),
        ),
    )


def _distances_m(run: Leg, places: Places, base: BasePlace | None) -> dict[int, float]:
    if base is None:
        return {}
    positions = range(run.first, run.last + 2)
    known = ((p, places.get(run.trip.time(p))) for p in positions)
    return {p: base.distance_m(place) for p, place in known if place is not None}


def _figures(
    run: Leg, moving: Sequence[int], far_m: Mapping[int, float], base: BasePlace | None
) -> dict[str, object]:
    return {
        "distance_m": run.metres,
        "start": instant(run.start),
        "end": instant(run.end),
        "duration_s": int((run.end - run.start).total_seconds()),
        "positions": run.last - run.first + 1,
        "moving_positions": len(moving),
        "base": base.name if base else None,
        "farthest_from_base_m": round(max(far_m.values())) if far_m else None,
        "trip_id": str(run.trip.id),
        "trip_distance_m": sum(run.trip.pair_m),
    }


def _about_base(
    far_m: Mapping[int, float], base: BasePlace | None, thresholds: MovedThresholds
) -> list[Counter]:
    if base is None:
        return [Counter("no_base", "该车辆当时未登记定点停放点，仅按行驶判断。")]
    if not far_m:
        return [Counter("no_places", "本段没有可用的定位明细，仅按行驶里程判断。")]
    reach_m = base.reach_m(thresholds.from_base_m)
    over_m = max(far_m.values()) - reach_m
    if over_m < reach_m:
        return [
            Counter(
                "small_margin", f"最远处仅超出定点停放点范围（{reach_m:.0f} 米）{over_m:.0f} 米。"
            )
        ]
    return []


def _about_gaps(run: Leg, thresholds: MovedThresholds) -> list[Counter]:
    offsets_s = run.trip.offsets_s
    gaps = [
        length_s
        for pair in range(run.first, run.last + 1)
        if (length_s := offsets_s[pair + 1] - offsets_s[pair]) > thresholds.gap_s
    ]
    if not gaps:
        return []
    sentence = f"本段有 {len(gaps)} 处定位中断，最长 {duration(max(gaps))}，其间按直线计算里程。"
    return [Counter("gaps", sentence)]


def _about_neighbours(
    run: Leg, explanations: Sequence[Explanation], thresholds: MovedThresholds
) -> list[Counter]:
    counters = []
    for e in sorted(explanations, key=lambda e: (e.start, e.source_id)):
        name = _SOURCES[Kind(e.kind)]
        before_s = (run.start - e.end).total_seconds()
        after_s = (e.start - run.end).total_seconds()
        # The first pair begins before its later position, by which an explanation is chosen.
        if e.end <= run.trip.time(run.first + 1) and before_s <= thresholds.near_s:
            gap = duration(max(0.0, before_s))
            counters.append(
                Counter("near_before", f"本段开始前 {gap}（{beijing(e.end)}）有{name}结束。")
            )
        elif e.start > run.end and after_s <= thresholds.near_s:
            gap = duration(after_s)
            counters.append(
                Counter("near_after", f"本段结束后 {gap}（{beijing(e.start)}）有{name}开始。")
            )
    return counters
