"""Why a vehicle was chosen, in plain sentences, from what was recorded. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from dispatch.matching.ranking import Candidate
from dispatch.slips.content import beijing, kilometres
from dispatch.suggestions.choice import Choice, Round
from dispatch.suggestions.names import Names
from dispatch.suggestions.record import Record
from dispatch.suggestions.replay import Replay

_ACT = {
    "reassign": "Reassigned",
    "swap_vehicle": "Vehicle swapped",
    "swap_driver": "Driver swapped",
}


@dataclass(frozen=True, slots=True)
class Suggested:
    """The suggestion of a choice, replayed.

    rank: of the vehicle chosen, among what was shown; None where it was no candidate
    doubts: sentences that say what isn't as it was kept
    seen: the vehicles that may be told of; None for all
    map_is_there: whether the map on which travel times rest is still kept; None without one
    """

    record: Record
    replay: Replay
    names: Names
    rank: int | None
    doubts: Sequence[str]
    seen: Collection[int] | None = None
    map_is_there: bool | None = None

    @property
    def at(self) -> datetime:
        """When it was suggested."""
        return self.record.at.now

    @property
    def is_same(self) -> bool:
        """Whether the same comes of the replay, and nothing was changed."""
        return self.replay.is_same and not self.doubts


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A suggestion whose record can't be read, and why."""

    at: datetime
    rank: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Matched:
    """What came of a round that was matched once more: what differs, in sentences."""

    differences: Sequence[str]


@dataclass(frozen=True, slots=True)
class Told:
    """What an explanation is made of: requests in words, and each choice with its suggestion.

    rounds: those that were matched once more, by their instants
    requests: the ids of those that may be told of in rounds; None for all
    """

    asked: Sequence[str]
    choices: Sequence[tuple[Choice, Suggested | Unreadable | None]]
    rounds: Mapping[datetime, Matched] = field(default_factory=dict)
    requests: Collection[str] | None = None

    @property
    def is_same(self) -> bool | None:
        """Whether all suggestions and rounds are replayed to the same; None without any."""
        found = [one for _, one in self.choices if one is not None]
        same = [isinstance(one, Suggested) and one.is_same for one in found]
        same += [not one.differences for one in self.rounds.values()]
        return all(same) if same else None


def sentences(told: Told) -> Iterator[str]:
    """Yield the lines of an explanation; each choice ends with the verdict of its replay."""
    yield from told.asked
    above: set[UUID | None] = set()
    for choice, suggested in told.choices:
        yield from _choice(choice, suggested)
        if choice.round is not None:
            yield from _round(choice.round, told.rounds.get(choice.round.at), told.requests)
        if suggested is None:
            yield "No suggestion that can be replayed is recorded for this choice."
        elif choice.suggestion_id in above:
            yield "That suggestion is told above."
        elif isinstance(suggested, Unreadable):
            yield f"Not replayed: {suggested.why}."
        else:
            yield from _suggestion(suggested)
        above.add(choice.suggestion_id)


def _suggestion(told: Suggested) -> Iterator[str]:
    record = told.record
    yield (
        f"Suggested at {beijing(record.at.now)} by rules {record.rules_version} "
        f"({record.rules_digest[:12]}), travel times by {_roads(record)}, positions from "
        f"{record.positions}; no chance was used."
    )
    yield _terms(record)
    yield from _candidates(told)
    yield from _left_out(told)
    yield from _verdict(told)


def _choice(choice: Choice, suggested: Suggested | Unreadable | None) -> Iterator[str]:
    by = choice.by or "nobody whose name is kept"
    who = f"automatically, in the name of {by}," if choice.automatic else f"by {by}"
    when = f"at {beijing(choice.at)}"
    if choice.was is None:
        slip = f" under slip {choice.slip}" if choice.slip else ""
        line = f"{choice.becomes} was assigned {who} {when}{slip}"
    else:
        line = f"{_ACT.get(choice.action, choice.action)} {who} {when}: "
        line += f"from {choice.was} to {choice.becomes}"
    if suggested is not None:
        rank = f"rank {suggested.rank}" if suggested.rank else "no candidate"
        line += f": {rank} of the suggestion of {beijing(suggested.at)}"
    yield f"{line}."
    if choice.reason:
        yield f"Reason given: {choice.reason}"


def _round(told: Round, matched: Matched | None, seen: Collection[str] | None) -> Iterator[str]:
    unkept = "" if matched else " Its facts are not kept and it can't be replayed."
    yield (
        f"Decided at {beijing(told.at)} in a round ({told.method}) of {len(told.requests)} "
        f"requests.{unkept} The costs as recorded:"
    )
    own = [one for one in told.requests if seen is None or one.get("request") in seen]
    for one in own:
        if one.get("cost_s") is None:
            yield f"- request {one.get('request')}: nobody"
        else:
            yield (
                f"- request {one.get('request')}: arrives in {one.get('arrival_s')} s, "
                f"cost {one.get('cost_s')} s"
            )
    if len(own) < len(told.requests):
        others = len(told.requests) - len(own)
        yield f"- of units for which others dispatch: {others} more"
    if matched is not None and matched.differences:
        yield "The round matched again: another matching."
        for difference in matched.differences:
            if seen is None or any(id in difference for id in seen):
                yield f"- {difference}"
    elif matched is not None:
        yield "The round matched again: same matching."


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


def _candidates(told: Suggested) -> Iterator[str]:
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


def _figures(told: Suggested, candidate: Candidate) -> str:
    cost = candidate.cost
    driver = told.names.drivers.get(candidate.driver.no)
    return (
        f"{_plate(told, candidate.vehicle.no)} with {driver.name if driver else 'a driver'}: "
        f"arrives in {candidate.arrival_s} s, empty {kilometres(candidate.empty_m)}; cost "
        f"{cost.total_s} s = use {cost.use_s} + arrival {cost.arrival_s} + empty {cost.empty_s} "
        f"+ driver's duty {cost.driver_duty_s} + unit's duty {cost.unit_duty_s}"
    )


def _left_out(told: Suggested) -> Iterator[str]:
    left_out = told.record.left_out
    counts = ", ".join(f"{rule} {count}" for rule, count in left_out.by_rule().items())
    yield f"{len(left_out)} vehicles were left out" + (f" ({counts}):" if counts else ".")
    for entry in left_out:
        if _is_seen(told, entry.vehicle_no):
            yield f"- {_plate(told, entry.vehicle_no)}: {entry.rule}: {entry.sentence}"


def _verdict(told: Suggested) -> Iterator[str]:
    replay, record = told.replay, told.record
    if told.map_is_there is False:
        yield f"The map {record.map_version} is no longer there: replayed by stored travel times."
    if not replay.same_rules:
        yield f"The rules have changed since: they were version {record.rules_version}."
    elif not replay.same_source:
        yield "The source of rules or ranking has changed since, and their version has not."
    yield from told.doubts
    if not replay.is_same:
        yield "Replayed: another ranking."
        yield from (f"- {difference}" for difference in replay.differences)
    elif told.doubts:
        yield "Replayed: same ranking as the record, which can't be relied on."
    else:
        yield "Replayed: same ranking."


def _is_seen(told: Suggested, vehicle_no: int) -> bool:
    return told.seen is None or vehicle_no in told.seen


def _plate(told: Suggested, vehicle_no: int) -> str:
    named = told.names.vehicles.get(vehicle_no)
    return named.plate if named else f"vehicle {vehicle_no}"
