"""Who was within some metres of a place in a period: exact, day by day, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Reach
from fleet.errors import EmptyPeriod
from fleet.refs import Named, VehicleRef
from kit.clock import day_period, days_between
from kit.errors import BadRequest
from kit.paging import decode_cursor, encode_cursor, number_in
from tracking.cells import cells_within
from tracking.history.looking import Look
from tracking.questions import store
from tracking.questions.passing import DEFAULT_RULES, Passing, PassingRules, Place, passings
from tracking.questions.schemas import PassItem, PassPage
from tracking.store import Span, read_tracks

LONGEST = timedelta(days=31)


class PeriodTooLong(BadRequest):
    """Ask about 31 days at most."""


@dataclass(frozen=True, slots=True)
class AskedNear:
    """A question about a place in [start, end]."""

    place: Place
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class PassedBy:
    """A pass, by whom, and the unit that had the vehicle then."""

    vehicle_no: int
    unit_no: int
    passing: Passing

    @property
    def order(self) -> tuple[int, int]:
        """Passes are told by their start, then by vehicle."""
        return self.passing.first_s, self.vehicle_no


async def near(
    session: AsyncSession, look: Look, asked: AskedNear, limit: int, cursor: str | None
) -> PassPage:
    """Return a page of passes. Raises CaseNeeded, EmptyPeriod, PeriodTooLong, BadCursor."""
    look.require_case()
    if asked.start >= asked.end:
        raise EmptyPeriod
    if asked.end - asked.start > LONGEST:
        raise PeriodTooLong
    after = decode_cursor(cursor, 2)
    last = None if after is None else (number_in(after[0]), number_in(after[1]))
    look.journal(session, "near.read", None, _told(asked))
    found: list[PassedBy] = []
    for since, until in _days(asked, last):
        found += [
            one
            for one in await passed_by(session, look.reach, asked, since, until)
            if last is None or one.order > last
        ]
        if len(found) > limit:
            break
    page = found[:limit]
    return PassPage(
        items=await _items(session, page),
        next_cursor=encode_cursor(page[-1].order) if len(found) > limit else None,
        line_gap_s=DEFAULT_RULES.gap_s,
        line_length_m=DEFAULT_RULES.length_m,
    )


def _days(asked: AskedNear, last: tuple[int, int] | None) -> Iterator[tuple[datetime, datetime]]:
    """Yield the Shanghai days of the period that may hold what comes after `last`."""
    for day in days_between(asked.start, asked.end):
        since, until = day_period(day)
        if last is None or last[0] < until.timestamp():
            yield since, until


async def passed_by(
    session: AsyncSession,
    reach: Reach,
    asked: AskedNear,
    since: datetime,
    until: datetime,
    rules: PassingRules = DEFAULT_RULES,
) -> list[PassedBy]:
    """Return the passes that begin in [since, until), in order.

    A line that counts has an end within half its length and the radius: who was never so near
    has not passed. A hundredth more is for the difference between sphere and plane.
    """
    place, gap = asked.place, timedelta(seconds=rules.gap_s)
    reach_m = 1.01 * (place.radius_m + rules.length_m / 2) + 1
    cells = cells_within(place.latitude, place.longitude, reach_m)
    first, last = max(since, asked.start), min(until + gap, asked.end)
    stretches = await store.stretches(session, reach, cells, first, last, rules)
    spans = [Span(s.vehicle_no, s.since - gap, s.until + gap) for s in stretches]
    tracks = await read_tracks(session, spans)
    owned: dict[tuple[int, int], list[store.Stretch]] = {}
    for stretch in stretches:
        owned.setdefault((stretch.vehicle_no, stretch.unit_no), []).append(stretch)
    found = []
    for (vehicle_no, unit_no), theirs in owned.items():
        track = tracks.get(vehicle_no)
        if track is None:
            continue
        # Stretches lie further apart than anything that passes as one: they are asked together.
        part = np.concatenate(
            [
                np.arange(
                    track.time_s.searchsorted((s.since - gap).timestamp()),
                    track.time_s.searchsorted((s.until + gap).timestamp(), "right"),
                )
                for s in theirs
            ]
        )
        found += [
            PassedBy(vehicle_no, unit_no, passing)
            for passing in passings(
                place,
                track.time_s[part],
                track.lat[part],
                track.lon[part],
                (asked.start.timestamp(), asked.end.timestamp()),
                (since.timestamp(), until.timestamp()),
                rules,
            )
        ]
    return sorted(found, key=lambda one: one.order)


async def _items(session: AsyncSession, page: list[PassedBy]) -> list[PassItem]:
    pairs = {(one.vehicle_no, one.unit_no) for one in page}
    names = await store.names(session, sorted(pairs))
    items = []
    for one in page:
        name = names[one.vehicle_no, one.unit_no]
        items.append(
            PassItem(
                vehicle=VehicleRef(id=name.vehicle_id, plate=name.plate),
                unit=Named(id=name.unit_id, name=name.name),
                start=datetime.fromtimestamp(one.passing.first_s, UTC),
                end=datetime.fromtimestamp(one.passing.last_s, UTC),
                positions=one.passing.positions,
                nearest_m=round(one.passing.nearest_m, 1),
            )
        )
    return items


def _told(asked: AskedNear) -> dict[str, object]:
    return {
        "latitude": asked.place.latitude,
        "longitude": asked.place.longitude,
        "radius_m": asked.place.radius_m,
        "start": asked.start.isoformat(),
        "end": asked.end.isoformat(),
    }
