"""The trip rules once more, over a whole track at a time: slow, without memory or numpy.

First the believed track is found, then it is walked with plain indices.
"""

from itertools import pairwise
from statistics import median

from tracking.geo import distance_m
from tracking.trips.jumps import M_S_PER_KMH
from tracking.trips.positions import PositionArrays, Seen
from tracking.trips.rules import TripRules
from tracking.trips.values import (
    Stop,
    StopEnded,
    StopStarted,
    Trip,
    TripEnded,
    TripEvent,
    TripStarted,
)


def apart(a: Seen, b: Seen) -> float:
    return distance_m(a.lat, a.lon, b.lat, b.lon)


def middle(track: list[Seen]) -> tuple[float, float]:
    return median(s.lat for s in track), median(s.lon for s in track)


def roaming(p: Seen, rules: TripRules) -> float:
    """How far a position may be off and still be at rest."""
    return rules.wander_m if 0 <= p.speed_kmh <= rules.slow_kmh else rules.drift_radius_m


def odometer_step(a: Seen, b: Seen, rules: TripRules) -> int:
    """What the odometer counted from one position to another; -1 for nothing that can be."""
    step = b.odometer_m - a.odometer_m
    most = rules.impossible_kmh / 3.6 * (b.time_s - a.time_s) + rules.odometer_step_m
    return step if min(a.odometer_m, b.odometer_m) >= 0 and 0 <= step <= most else -1


def thrown(place: tuple[float, float], a: Seen, b: Seen, rules: TripRules) -> bool:
    """Whether the step from a to b leads back to a place, faster than the speeds there allow."""
    if distance_m(*place, a.lat, a.lon) <= distance_m(*place, b.lat, b.lon):
        return False
    if a.speed_kmh < 0 or b.speed_kmh <= rules.slow_kmh:
        return False
    t = max(1, b.time_s - a.time_s)
    most_m = (a.speed_kmh + b.speed_kmh) / 7.2 * t + rules.acceleration_m_s2 * t * t / 4
    return apart(a, b) > most_m + rules.drift_radius_m


def held(track: list[Seen], rules: TripRules) -> float:
    """Metres for which the speeds that these report account."""
    way = 0.0
    for a, b in pairwise(track):
        both = (a.speed_kmh, b.speed_kmh)
        doubtful = min(both) < rules.slow_kmh
        quick = [v for v in both if v > rules.sure_kmh or not doubtful]
        seconds = b.time_s - a.time_s
        way += sum(quick) / 2 * M_S_PER_KMH * seconds if seconds < rules.gap_s else 0
    return way


def settled(stay: list[Seen], start: Seen, rules: TripRules) -> bool:
    """Whether a vehicle stood while it sent these, on a trip that began with `start`."""
    counted = odometer_step(stay[0], stay[-1], rules)
    away = [distance_m(*middle(stay), p.lat, p.lon) for p in stay]
    if counted == 0 and start.odometer_m not in (-1, stay[0].odometer_m):
        return all(m <= rules.stray_m for m in away)
    quick = [p for p in stay if p.speed_kmh > rules.slow_kmh]
    earlier, later = stay[: len(stay) // 2], stay[len(stay) // 2 :]
    return (
        counted <= rules.crept_m
        and len(quick) <= rules.astir_share * len(stay)
        and median(away) <= rules.wander_m
        and distance_m(*middle(earlier), *middle(later)) <= rules.wander_m
    )


def arrived(points: list[Seen], watch: int, place: tuple[float, float], rules: TripRules) -> int:
    """The first point of those before the watch that are near, but for one or two in a row."""
    far = [distance_m(*place, p.lat, p.lon) > rules.far_m for p in points]
    few = rules.proof_positions
    ways = [k for k in range(1, watch - few + 1) if all(far[k : k + few])]
    begin = max(ways) + few if ways else 1
    return next((k for k in range(begin, watch) if not far[k]), watch)


def rows(positions: PositionArrays) -> list[Seen]:
    track: list[Seen] = []
    keys: set[tuple[int, int]] = set()
    for t, d, lat, lon, v, odo in zip(
        positions.time_s.tolist(),
        positions.digest.tolist(),
        positions.lat.tolist(),
        positions.lon.tolist(),
        positions.speed_kmh.tolist(),
        positions.odometer_m.tolist(),
        strict=True,
    ):
        if (t, d) not in keys:
            keys.add((t, d))
            track.append(Seen(t, lat, lon, v if v >= 0 else -1.0, odo))
    return track


def believed(track: list[Seen], rules: TripRules) -> list[tuple[Seen, bool]]:
    """The track without its impossible parts; True marks the first position after a jump."""

    def possible(a: Seen, b: Seen) -> bool:
        return apart(a, b) <= rules.impossible_kmh / 3.6 * max(1, b.time_s - a.time_s)

    kept = [(track[0], False)]
    others: list[Seen] = []
    for p in track[1:]:
        last = kept[-1][0]
        loyal = bool(others) and apart(others[-1], p) < apart(last, p) and possible(others[-1], p)
        if possible(last, p) and not loyal:
            others = []
            kept.append((p, False))
            continue
        others = [*others, p] if others and possible(others[-1], p) else [p]
        if len(others) >= rules.proof_positions and p.time_s - others[0].time_s >= rules.proof_s:
            kept += [(o, o is others[0]) for o in others]
            others = []
    return kept


class Oracle:
    def __init__(self, positions: PositionArrays, rules: TripRules) -> None:
        self.rules = rules
        kept = believed(rows(positions), rules)
        self.track = [p for p, _ in kept]
        self.jump = [j for _, j in kept]
        self.events: list[TripEvent] = []
        self.silent_start = False
        i: int | None = 0
        began, place, sure = self.track[0], (self.track[0].lat, self.track[0].lon), False
        while i is not None:
            left = self.parked(i, began, place, sure)
            if left is None:
                break
            i, trip_start = left
            if trip_start is None:
                began, place, sure = self.track[i], (self.track[i].lat, self.track[i].lon), False
                continue
            ended = self.moving(trip_start, i)
            if ended is None:
                break
            i, began, place = ended
            sure = True

    def parked(
        self, i: int, began: Seen, place: tuple[float, float], sure: bool
    ) -> tuple[int, Seen | None] | None:
        """Rest from index i on; the index at which it ends, and the trip's first point."""
        r, track = self.rules, self.track
        centre, rest = place, i
        told = sure
        if sure:
            self.events.append(StopStarted(Stop(began.time_s, *place)))

        def near(p: Seen) -> bool:
            radius = roaming(p, r)
            return any(distance_m(*c, p.lat, p.lon) <= radius for c in (place, centre))

        for n in range(i + 1, len(track)):
            p = track[n]
            if self.jump[n]:
                if told:
                    self.events.append(StopEnded(Stop(began.time_s, *place, track[rest].time_s)))
                return n, None
            pending = track[rest + 1 : n + 1]
            long_ago = [k for k, q in enumerate(pending) if q.time_s <= p.time_s - r.moving_s]
            few = len(pending) - r.proof_positions
            tail = pending[min(few, long_ago[-1]) :] if long_ago and few >= 0 else []
            out = bool(tail) and not any(near(q) for q in tail[-r.proof_positions :])
            gone = out and all(q.speed_kmh > r.slow_kmh for q in tail)
            gone = gone and any(q.speed_kmh > r.sure_kmh for q in tail)
            off = distance_m(*place, p.lat, p.lon)
            way, counted = held(track[rest : n + 1], r), odometer_step(track[rest], p, r)
            gone = gone and way >= r.told_share * off
            speaks = counted != 0 and max(way, counted) >= r.told_share * off
            far = out and not any(near(q) for q in tail)
            far = far and off > (r.far_m if speaks else r.stray_m)
            enough = len(pending) >= r.proof_positions
            if near(p) and p.speed_kmh <= r.slow_kmh:
                rest = n
            elif gone or far:
                wild = [k for k in range(rest + 1, n) if thrown(centre, track[k], track[k + 1], r)]
                begin = max(wild, default=rest) + 1
                first, start = track[begin], track[rest]
                if first.time_s - start.time_s >= r.gap_s:
                    way_s = distance_m(*centre, first.lat, first.lon) / (r.departure_kmh / 3.6)
                    start = start._replace(time_s=max(start.time_s, first.time_s - round(way_s)))
                start = start._replace(lat=centre[0], lon=centre[1])
                if told:
                    self.events.append(StopEnded(Stop(began.time_s, *place, start.time_s)))
                self.silent_start = first.time_s - track[rest].time_s >= r.gap_s
                return begin, start
            elif enough and p.time_s - pending[0].time_s >= r.rest_s:
                centre, rest = middle(pending), n
            if rest == n and not told and p.time_s - began.time_s >= r.rest_s:
                told = True
                self.events.append(StopStarted(Stop(began.time_s, *place)))
        return None

    def moving(self, start: Seen, i: int) -> tuple[int, Seen, tuple[float, float]] | None:
        """A trip from `start` through index i on; the index of its last rest, where it stands."""
        r, track = self.rules, self.track
        self.events.append(TripStarted(start.time_s, start.lat, start.lon))
        points = [start, track[i]]
        jumps: list[int] = []
        anchor = watch = 1
        for n in range(i + 1, len(track)):
            p, last = track[n], points[-1]
            if self.jump[n]:
                points.append(p)
                jumps.append(len(points) - 1)
                anchor = watch = len(points) - 1
                continue
            resting = apart(points[anchor], p) <= roaming(p, r)
            silence = p.time_s - last.time_s
            way = max(apart(last, p), odometer_step(last, p, r))
            spare = silence - way / (r.slow_kmh / 3.6)
            near, begin = r.jitter_m, anchor
            if resting and p.time_s - points[anchor].time_s >= r.rest_s:
                place, at = middle([*points[anchor:], p]), n
            elif not resting and silence >= r.rest_s and spare >= r.rest_s:
                place, at = middle(points[anchor:]), n - 1
            else:
                points.append(p)
                anchor = anchor if resting else len(points) - 1
                stay = points[watch:]
                if p.time_s - stay[0].time_s < r.settle_s or len(stay) < r.settle_positions:
                    continue
                if apart(stay[0], p) > r.stray_m:
                    watch = len(points) - 1
                    continue
                if not settled(stay, points[0], r):
                    midst = stay[0].time_s + r.settle_s / 2
                    watch += [q.time_s >= midst for q in stay].index(True)
                    continue
                place, at = middle(stay), n
                near = max(near, median(distance_m(*place, q.lat, q.lon) for q in stay))
                begin = arrived(points, watch, place, r)
            off = [distance_m(*place, q.lat, q.lon) for q in points[begin:]]
            close = [k for k, m in enumerate(off) if m <= near]
            end = close[0] if close else off.index(min(off))
            while off[end + 1 : end + 2] and off[end + 1] < off[end]:
                end += 1
            end += begin
            self.events.append(TripEnded(self.measure(points[: end + 1], jumps)))
            return at, points[end], place
        return None

    def measure(self, points: list[Seen], jumps: list[int]) -> Trip:
        r = self.rules
        metres: list[int] = []
        gaps: list[int] = []
        counted, way_mm = points[0], 0
        for n in range(1, len(points)):
            p = points[n]
            silent = p.time_s - points[n - 1].time_s >= r.gap_s
            if n == 1:
                silent = self.silent_start
            if n in jumps:
                gaps.append(n - 1)
                metres.append(0)
                counted = p
                continue
            if silent:
                gaps.append(n - 1)
            if silent or apart(counted, p) > (
                r.chord_m if p.speed_kmh > r.slow_kmh else r.jitter_m
            ):
                way_mm += round(apart(counted, p) * 1000)
                metres.append((way_mm + 500) // 1000 - sum(metres))
                counted = p
            else:
                metres.append(0)
        metres[-1] += round(apart(counted, points[-1]))
        speeds = [p.speed_kmh for p in points if p.speed_kmh >= 0]
        odometers = [p for p in points if p.odometer_m >= 0]
        told = odometers[:1] == points[:1] and odometers[-1:] == points[-1:]
        told = told and all(odometer_step(p, q, r) >= 0 for p, q in pairwise(odometers))
        driven = points[-1].odometer_m - points[0].odometer_m
        told = told and not (driven == 0 and sum(metres) > r.odometer_step_m)
        return Trip(
            points[0].time_s,
            tuple(p.time_s - points[0].time_s for p in points),
            tuple(p.lat for p in points),
            tuple(p.lon for p in points),
            tuple(metres),
            tuple(gaps),
            max(speeds, default=None),
            driven if told else None,
        )


def oracle_events(positions: PositionArrays, rules: TripRules) -> list[TripEvent]:
    """What `advance` must say of the whole track at once."""
    return Oracle(positions, rules).events if len(positions) else []
