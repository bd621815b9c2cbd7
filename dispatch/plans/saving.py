"""Which promise of a plan breaks first, and what would save it: tried, not guessed."""

from collections.abc import Sequence
from dataclasses import replace

from dispatch.capacity.model import Span
from dispatch.plans.duty import LIMITS
from dispatch.plans.model import Car, Crew, Day, Proposal
from dispatch.plans.reading import ReadDay
from dispatch.plans.solving import propose


def first_broken(day: Day, proposal: Proposal) -> int | None:
    """Return the promised ride that gets no vehicle or no driver and begins first."""
    broken = [r for r in (*proposal.without_car, *proposal.without_crew) if day.rides[r].promised]
    return min(broken, key=lambda r: (day.rides[r].span, r), default=None)


def saved_by(day: Day, ride: int, proposal: Proposal, window: Span) -> tuple[bool, bool]:
    """Return whether one more vehicle, and one more driver, would keep one promise more.

    One more vehicle: free all day, where the others stand; one more driver: for any of them, with
    the hours of one who has no order yet.

    window: when such a driver is free
    """
    kept = _kept(day, proposal)
    return (
        _kept(with_car := _one_more_car(day, ride), propose(with_car)) > kept,
        _kept(with_crew := _one_more_crew(day, window), propose(with_crew)) > kept,
    )


def sentence_of(day: Day, ride: int, proposal: Proposal) -> str:
    """Return in a few words what a ride lacks."""
    if not day.rides[ride].vehicles:
        return "该时段没有符合条件的在用车辆"
    if ride in proposal.without_car:
        return "该时段符合条件的车辆均已安排"
    return "有车辆，但没有可当班且工时未满的驾驶员"


def nothing_to_propose(read: ReadDay) -> str | None:
    """Return why a day can't be planned at all, None where it can."""
    crews: Sequence[Crew] = read.day.crews
    if not read.requests:
        return "当日没有待派车的申请"
    if not crews:
        return "本机构没有驾驶员，无法排班"
    if read.away == len(crews):
        return f"当日没有可排的驾驶员：{len(crews)} 人均请假、不当班或已有任务"
    if not read.day.cars:
        return "本机构没有在用车辆，无法排班"
    return None


def _kept(day: Day, proposal: Proposal) -> int:
    return sum(day.rides[line.ride].promised for line in proposal.lines)


def _one_more_car(day: Day, ride: int) -> Day:
    place = len(day.cars)
    car = Car(day.cars[0].base if day.cars else day.rides[ride].origin)
    return replace(
        day,
        cars=(*day.cars, car),
        rides=[replace(one, vehicles=one.vehicles | {place}) for one in day.rides],
        crews=[replace(one, cars=one.cars | {place}) for one in day.crews],
    )


def _one_more_crew(day: Day, window: Span) -> Day:
    hours_s = LIMITS.planned_day_s
    crew = Crew(frozenset(range(len(day.cars))), (window,), hours_s, 7 * hours_s)
    return replace(day, crews=(*day.crews, crew))
