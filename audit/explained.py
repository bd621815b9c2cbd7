"""Whose kilometres are these? Every metre of a trip belongs to an order, a filing, or nobody yet.

A pair of consecutive positions belongs to the Shanghai day, the unit and the explanation in force
at the time of its LATER position; where explanations overlap, an order goes before a service order
and that before a filing. Nothing is rounded and nothing dropped, so that driven = ordered +
service + filed + unexplained for every day, month, vehicle and unit.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Protocol
from uuid import UUID

from audit.uses import Use, use_at
from kit.clock import day_start, days_between, shanghai_day


class Kind(StrEnum):
    """What explains a kilometre, the strongest first."""

    ORDERED = "ordered"
    SERVICE = "service"
    FILED = "filed"
    UNEXPLAINED = "unexplained"


_STRENGTH = {kind.value: n for n, kind in enumerate(Kind)}


class Explanation(Protocol):
    """An order, a service order or a filing that explains what was driven in [start, end)."""

    @property
    def kind(self) -> str: ...
    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...
    @property
    def source_id(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class DrivenTrip:
    """One version of a trip: n positions at `offsets_s` after the start, n - 1 pairs in metres."""

    id: UUID
    started_at: datetime
    offsets_s: Sequence[int]
    pair_m: Sequence[int]

    def time(self, position: int) -> datetime:
        """Return when the position with this index was taken."""
        return self.started_at + timedelta(seconds=self.offsets_s[position])


@dataclass(frozen=True, slots=True)
class Leg:
    """Consecutive pairs `first` … `last` of a trip that share day, unit and explanation.

    Pair i leads from position i to position i + 1.
    """

    trip: DrivenTrip
    first: int
    last: int
    day: date
    organisation_no: int
    kind: Kind
    source_id: UUID | None

    @property
    def metres(self) -> int:
        """The way, by the integers that the trip carries."""
        return sum(self.trip.pair_m[self.first : self.last + 1])

    @property
    def start(self) -> datetime:
        """When the leg's first pair began."""
        return self.trip.time(self.first)

    @property
    def end(self) -> datetime:
        """When the leg's last pair ended."""
        return self.trip.time(self.last + 1)

    def follows(self, other: "Leg") -> bool:
        """Return whether this leg goes on where the other ended, with the same owner."""
        return (
            self.first == other.last + 1
            and self.trip is other.trip
            and (self.day, self.organisation_no) == (other.day, other.organisation_no)
            and (self.kind, self.source_id) == (other.kind, other.source_id)
        )

    def joined(self, later: "Leg") -> "Leg":
        """Return this leg and the one that follows it as one."""
        return replace(self, last=later.last)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What a unit's vehicle drove on one Shanghai day, in metres, and the legs that make it up."""

    organisation_no: int
    day: date
    ordered_m: int
    service_m: int
    filed_m: int
    unexplained_m: int
    legs: tuple[Leg, ...]

    @property
    def driven_m(self) -> int:
        """All that was driven: the sum of the four."""
        return self.ordered_m + self.service_m + self.filed_m + self.unexplained_m


def explain(
    trip: DrivenTrip, explanations: Iterable[Explanation], uses: Sequence[Use]
) -> list[Leg]:
    """Return the trip's legs in order; together they hold each of its pairs once.

    `uses` says which unit used the vehicle when; at least one is needed.
    """
    ordered = sorted(explanations, key=_by_strength)
    later_s = trip.offsets_s[1:]
    legs: list[Leg] = []
    for first, stop in _pieces(trip, later_s, ordered, uses):
        time = trip.time(first + 1)
        reason = next((e for e in ordered if e.start <= time < e.end), None)
        leg = Leg(
            trip=trip,
            first=first,
            last=stop - 1,
            day=shanghai_day(time),
            organisation_no=use_at(uses, time).organisation_no,
            kind=Kind(reason.kind) if reason else Kind.UNEXPLAINED,
            source_id=reason.source_id if reason else None,
        )
        if legs and leg.follows(legs[-1]):
            legs[-1] = legs[-1].joined(leg)
        else:
            legs.append(leg)
    return legs


def day_figures(legs: Iterable[Leg]) -> list[DayFigures]:
    """Return the sums of legs by unit and day, ordered by day and unit."""
    groups: defaultdict[tuple[date, int], list[Leg]] = defaultdict(list)
    for leg in legs:
        groups[leg.day, leg.organisation_no].append(leg)
    return [
        _sum_up(day, organisation_no, group)
        for (day, organisation_no), group in sorted(groups.items())
    ]


def _sum_up(day: date, organisation_no: int, legs: list[Leg]) -> DayFigures:
    metres = dict.fromkeys(Kind, 0)
    for leg in legs:
        metres[leg.kind] += leg.metres
    return DayFigures(
        organisation_no=organisation_no,
        day=day,
        ordered_m=metres[Kind.ORDERED],
        service_m=metres[Kind.SERVICE],
        filed_m=metres[Kind.FILED],
        unexplained_m=metres[Kind.UNEXPLAINED],
        legs=tuple(sorted(legs, key=lambda leg: (leg.trip.started_at, leg.trip.id, leg.first))),
    )


def _by_strength(explanation: Explanation) -> tuple[int, datetime, UUID]:
    return _STRENGTH[explanation.kind], explanation.start, explanation.source_id


def _pieces(
    trip: DrivenTrip,
    later_s: Sequence[int],
    explanations: Sequence[Explanation],
    uses: Sequence[Use],
) -> list[tuple[int, int]]:
    """Return ranges [first, stop) of pairs within which no midnight and no period begins or ends.

    A pair whose later position lies exactly on a boundary belongs behind it.
    """
    if not later_s:
        return []
    days = days_between(trip.started_at, trip.time(len(later_s)))
    moments = {day_start(day) for day in days}
    moments |= {moment for e in explanations for moment in (e.start, e.end)}
    moments |= {moment for use in uses for moment in (use.start, use.end) if moment is not None}
    cuts = {bisect_left(later_s, (moment - trip.started_at).total_seconds()) for moment in moments}
    edges = sorted(cuts | {0, len(later_s)})
    return list(pairwise(edges))
