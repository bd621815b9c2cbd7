"""Who drives where on the day before: ordinary rides, and a few vehicles with a story.

    detour           after the return tap, out to an attraction and back
    evening          out to a restaurant in the evening without an order
    night            a night before a home, without order or filing
    night_filed      a night at a hotel that a filing explains
    overnight        a night at a hotel inside a long order
    filed            a test drive after a repair that a filing explains

The first three are to be found, the others not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from demo import cast
from demo.cast import Car
from demo.city import CityPlace, PlaceKind
from demo.places import Places
from dispatch.words import FilingKind, Purpose, ServiceKind
from fleet.words import Holding
from kit.clock import SHANGHAI, shanghai_day


class Story(StrEnum):
    """What is particular about a vehicle's day."""

    ORDINARY = "ordinary"
    DETOUR = "detour"
    EVENING = "evening"
    NIGHT = "night"
    NIGHT_FILED = "night_filed"
    OVERNIGHT = "overnight"
    FILED = "filed"


class Why(StrEnum):
    """What explains an outing."""

    RIDE = "ride"
    SERVICE = "service"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Visit:
    """A place on the way, and how long the vehicle stands there: so long, or at least until."""

    place: CityPlace
    stay: timedelta
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outing:
    """Out from where the vehicle stands, to each place, and back to its base.

    It leaves at `leave_at`, but not before `pause` after the outing before it.
    """

    why: Why
    leave_at: datetime
    visits: tuple[Visit, ...]
    pause: timedelta = timedelta(minutes=25)
    purpose: Purpose = Purpose.MEETING
    text: str = "参加会议"
    service_kind: ServiceKind | None = None


@dataclass(frozen=True, slots=True)
class PlannedFiling:
    """A filing (报备) to be accepted in advance."""

    kind: FilingKind
    start: datetime
    end: datetime
    reason: str
    place: CityPlace


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A vehicle's outings in order, from where it stands at the beginning."""

    car: Car
    story: Story
    begins_at: CityPlace
    base: CityPlace
    outings: tuple[Outing, ...]
    filings: tuple[PlannedFiling, ...] = ()


STORIES: dict[tuple[str, int], Story] = {
    ("water", 0): Story.DETOUR,
    ("farm", 1): Story.EVENING,
    ("education", 0): Story.NIGHT,
    ("health", 0): Story.NIGHT_FILED,
    ("transport", 0): Story.FILED,
    (cast.BUREAU, 0): Story.OVERNIGHT,
}
"""By unit and place among the unit's vehicles."""

TASKS: tuple[tuple[Purpose, str], ...] = (
    (Purpose.MEETING, "参加工作会议"),
    (Purpose.INSPECTION, "现场调研检查"),
    (Purpose.DOCUMENT, "送取文件资料"),
    (Purpose.RECEPTION, "公务接待用车"),
    (Purpose.OTHER, "办理其他公务"),
)
DESTINATIONS = (
    PlaceKind.OFFICE,
    PlaceKind.HOSPITAL,
    PlaceKind.SCHOOL,
    PlaceKind.STATION,
    PlaceKind.MARKET,
)

_IDLE_SHARE, _SECOND_SHARE = 0.5, 0.12
_SERVED_CARS = range(1, 9)
"""Vehicles of the platform that go to the filling station."""


def history_start(now: datetime) -> datetime:
    """Return 20:00 (Asia/Shanghai) of the day before yesterday."""
    return _at(shanghai_day(now) - timedelta(days=2), 20)


def plan(city: Places, now: datetime, seed: int = cast.CITY_SEED) -> list[DayPlan]:
    """Plan every vehicle's time from `history_start(now)` to `now`; a seed gives one plan."""
    numbers: dict[str, int] = dict.fromkeys([cast.BUREAU, *cast.UNITS], 0)
    plans = []
    for car in cast.cars():
        number = numbers[car.unit]
        numbers[car.unit] += 1
        planner = _Planner(city, car, number, shanghai_day(now), Random(f"{seed}:{car.phone}"))
        plans.append(planner.plan())
    return plans


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


@dataclass(frozen=True, slots=True)
class _Planner:
    """Plans one vehicle's days."""

    city: Places
    car: Car
    number: int
    today: date
    random: Random

    @property
    def yesterday(self) -> date:
        return self.today - timedelta(days=1)

    @property
    def base(self) -> CityPlace:
        return self.city.places_of(PlaceKind.BASE)[self.car.base]

    def plan(self) -> DayPlan:
        story = STORIES.get((self.car.unit, self.number), Story.ORDINARY)
        begins_at, outings, filings = self.base, list(self._rides()), []
        morning = _at(self.yesterday, 7, 30)
        evening_before = _at(self.yesterday - timedelta(days=1), 17)
        hotel, home = self._one(PlaceKind.HOTEL), self._one(PlaceKind.HOME)
        match story:
            case Story.DETOUR:
                outings = [self._ride(_at(self.yesterday, 13, 40)), self._detour()]
            case Story.EVENING:
                outings = [self._ride(_at(self.yesterday, 9)), self._evening()]
            case Story.NIGHT:
                begins_at, outings = home, [self._ride(morning)]
            case Story.NIGHT_FILED:
                begins_at, outings = hotel, [Outing(Why.NOTHING, _at(self.yesterday, 8), ())]
                until = _at(self.yesterday, 10)
                filings = [
                    PlannedFiling(
                        FilingKind.NIGHT_AWAY, evening_before, until, "会议保障，次日返回", hotel
                    )
                ]
            case Story.OVERNIGHT:
                outings = [self._overnight(hotel)]
            case Story.FILED:
                start, end = _at(self.yesterday, 15), _at(self.yesterday, 17)
                visits = (self._visit(self._one(PlaceKind.FUEL), 10),)
                outings = [Outing(Why.NOTHING, start + timedelta(minutes=10), visits)]
                filings = [
                    PlannedFiling(FilingKind.OTHER, start, end, "维修后试车", visits[0].place)
                ]
            case Story.ORDINARY:
                if self.car.holding is Holding.POOL and self.number in _SERVED_CARS:
                    outings.append(self._fuel())
        return DayPlan(self.car, story, begins_at, self.base, tuple(outings), tuple(filings))

    def _rides(self) -> Iterator[Outing]:
        if self.random.random() < _IDLE_SHARE:
            return
        yield self._ride(_at(self.yesterday, 8) + self._minutes(0, 200))
        if self.random.random() < _SECOND_SHARE:
            yield self._ride(_at(self.yesterday, 13, 30) + self._minutes(0, 150))
        if self.random.random() < _SECOND_SHARE:
            yield self._ride(_at(self.today, 8) + self._minutes(0, 200))

    def _ride(self, leave_at: datetime) -> Outing:
        origin = self._one(PlaceKind.OFFICE)
        destination = self._one(self.random.choice(DESTINATIONS), origin)
        purpose, text = self.random.choice(TASKS)
        visits = (
            self._visit(origin, self.random.randint(2, 4)),
            self._visit(destination, self.random.randint(12, 50)),
            self._visit(origin, 2),
        )
        return Outing(Why.RIDE, leave_at, visits, purpose=purpose, text=text)

    def _fuel(self) -> Outing:
        station = self._visit(self._one(PlaceKind.FUEL), 8)
        leave_at = _at(self.yesterday, 16, 30) + self._minutes(0, 40)
        return Outing(Why.SERVICE, leave_at, (station,), text="加油", service_kind=ServiceKind.FUEL)

    def _detour(self) -> Outing:
        leave_at = _at(self.yesterday, 14)
        visits = (self._visit(self._one(PlaceKind.ATTRACTION), 35),)
        return Outing(Why.NOTHING, leave_at, visits, pause=timedelta(minutes=16))

    def _evening(self) -> Outing:
        visits = (self._visit(self._one(PlaceKind.RESTAURANT), 70),)
        return Outing(Why.NOTHING, _at(self.yesterday, 19, 20), visits)

    def _overnight(self, hotel: CityPlace) -> Outing:
        office = self._one(PlaceKind.OFFICE)
        night = Visit(hotel, timedelta(hours=1), until=_at(self.yesterday, 8, 20))
        leave_at = _at(self.yesterday - timedelta(days=1), 20, 10)
        visits = (self._visit(office, 4), night, self._visit(office, 2))
        return Outing(Why.RIDE, leave_at, visits, purpose=Purpose.RECEPTION, text="夜间会议保障")

    def _visit(self, place: CityPlace, minutes: int) -> Visit:
        return Visit(place, timedelta(minutes=minutes, seconds=self.random.randint(0, 59)))

    def _one(self, kind: PlaceKind, other_than: CityPlace | None = None) -> CityPlace:
        choices: Sequence[CityPlace] = self.city.places_of(kind)
        return self.random.choice([place for place in choices if place is not other_than])

    def _minutes(self, least: int, most: int) -> timedelta:
        return timedelta(minutes=self.random.randint(least, most))
