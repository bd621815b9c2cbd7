"""Why a vehicle was chosen, in plain sentences, from what was recorded. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from dispatch.matching.ranking import Candidate
from dispatch.slips.content import beijing, kilometres
from dispatch.suggestions.names import Names
from dispatch.suggestions.record import Record
from dispatch.suggestions.replay import Replay


@dataclass(frozen=True, slots=True)
class Chosen:
    """The order that came of a suggestion; who chose is None for the system itself.

    slip: its number as printed; reason: why, where the dispatcher said so
    """

    slip: str | None
    by: str | None
    at: datetime | None
    reason: str | None
    vehicle_no: int | None
    driver_no: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """What an explanation is made of.

    seen: the vehicles that may be told of; None for all
    map_is_there: whether the map on which travel times rest is still kept; None without one
    """

    asked: str
    chosen: Chosen
    record: Record
    replay: Replay
    names: Names
    seen: Collection[int] | None = None
    map_is_there: bool | None = None


def sentences(told: Told) -> Iterator[str]:
    """Yield the lines of an explanation, the verdict of the replay last."""
    record = told.record
    yield told.asked
    yield from _choice(told)
    yield (
        f"Suggested at {beijing(record.at.now)} by rules {record.rules_version} "
        f"({record.rules_digest[:12]}), travel times by {_roads(record)}, positions from "
        f"{record.positions}; no chance was used."
    )
    yield _terms(record)
    yield from _candidates(told)
    yield from _left_out(told)
    yield from _verdict(told)


def _choice(told: Told) -> Iterator[str]:
    chosen = told.chosen
    who = chosen.by or "the system itself"
    when = f" at {beijing(chosen.at)}" if chosen.at else ""
    slip = f" under slip {chosen.slip}" if chosen.slip else ""
    place = next(
        (
            n
            for n, one in enumerate(told.record.candidates, start=1)
            if one.vehicle_no == chosen.vehicle_no
        ),
        None,
    )
    if chosen.vehicle_no is None:
        yield "No vehicle has been assigned by it."
        return
    of = f"rank {place}" if place else "no candidate of the suggestion"
    yield f"{_plate(told, chosen.vehicle_no)} was assigned by {who}{when}{slip}: {of}."
    if chosen.reason:
        yield f"Reason given: {chosen.reason}"


def _roads(record: Record) -> str:
    if record.map_version is None or record.travel_times != "roads":
        return "straight line"
    speeds = record.speeds_version
    return f"map {record.map_version}" + (f" at learned speeds {speeds}" if speeds else "")


def _terms(record: Record) -> str:
    weights = record.terms.weights
    return (
        f"Cost in seconds of waiting = {weights.use_step_s} a step in the order of use "
        f"+ arrival in steps of {weights.arrival_step_s} s + {weights.empty_s_a_km} an empty "
        f"kilometre + {weights.driver_duty_s_an_hour} an hour of the driver's duty that day "
        f"+ {weights.unit_duty_s_an_hour} an hour of the unit's mean duty. Ties: step of use, "
        f"arrival in steps of {record.terms.bucket_s} s, the driver's duty, the vehicle's number."
    )


def _candidates(told: Told) -> Iterator[str]:
    candidates = told.replay.ranking.candidates if told.replay.is_same else ()
    if not told.replay.is_same:
        for place, shown in enumerate(told.record.candidates, start=1):
            if _is_seen(told, shown.vehicle_no):
                yield (
                    f"{place}. {_plate(told, shown.vehicle_no)}, arrives in {shown.arrival_s} s, "
                    f"empty {kilometres(shown.empty_m)}, cost {shown.total_s} s"
                )
    for place, candidate in enumerate(candidates, start=1):
        if _is_seen(told, candidate.vehicle.no):
            yield f"{place}. {_figures(told, candidate)}"
    if len(told.record.candidates) > 1:
        best, second = told.record.candidates[:2]
        yield (
            f"The runner-up costs {second.total_s} s, {second.total_s - best.total_s} s more than "
            "the first."
        )


def _figures(told: Told, candidate: Candidate) -> str:
    cost = candidate.cost
    driver = told.names.drivers.get(candidate.driver.no)
    return (
        f"{_plate(told, candidate.vehicle.no)} with {driver.name if driver else 'a driver'}: "
        f"arrives in {candidate.arrival_s} s, empty {kilometres(candidate.empty_m)}; cost "
        f"{cost.total_s} s = use {cost.use_s} + arrival {cost.arrival_s} + empty {cost.empty_s} "
        f"+ driver's duty {cost.driver_duty_s} + unit's duty {cost.unit_duty_s}"
    )


def _left_out(told: Told) -> Iterator[str]:
    left_out = told.record.left_out
    counts = ", ".join(f"{rule} {count}" for rule, count in left_out.by_rule().items())
    yield f"{len(left_out)} vehicles were left out" + (f" ({counts}):" if counts else ".")
    for entry in left_out:
        if _is_seen(told, entry.vehicle_no):
            yield f"- {_plate(told, entry.vehicle_no)}: {entry.rule}: {entry.sentence}"


def _verdict(told: Told) -> Iterator[str]:
    replay, record = told.replay, told.record
    if told.map_is_there is False:
        yield f"The map {record.map_version} is no longer there: replayed by stored travel times."
    if not replay.same_rules:
        yield f"The rules have changed since: they were version {record.rules_version}."
    elif not replay.same_source:
        yield "The source of rules or ranking has changed since, and their version has not."
    if replay.is_same:
        yield "Replayed: same ranking."
        return
    yield "Replayed: another ranking."
    yield from (f"- {difference}" for difference in replay.differences)


def _is_seen(told: Told, vehicle_no: int) -> bool:
    return told.seen is None or vehicle_no in told.seen


def _plate(told: Told, vehicle_no: int) -> str:
    named = told.names.vehicles.get(vehicle_no)
    return named.plate if named else f"vehicle {vehicle_no}"
