"""What a dispatcher is shown of what was weighed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.eligibility.rules import VERSION, LeftOut
from dispatch.eligibility.rules.hard import HARD
from dispatch.matching.ranking import Candidate, Use
from dispatch.suggestions.names import Named, Names, read_names
from dispatch.suggestions.schemas import LeftOutVehicle, SuggestionOut, UseStep
from dispatch.suggestions.weighing import Weighed

Told = Mapping[str, object]

USE_STEP: dict[Use, UseStep] = {
    Use.OWN_UNIT: "own_unit",
    Use.POOL: "pool",
    Use.CROSS_UNIT: "cross_unit",
    Use.SHARING: "sharing",
    Use.RENTAL: "rental",
}
HARD_NAMES = frozenset(rule.__name__ for rule in HARD)
SHOWN_LEFT_OUT = 100
"""How many vehicles left out stand in the answer; the others are read by pages."""


async def suggestion_out(
    session: AsyncSession, weighed: Weighed, suggestion_id: UUID | None
) -> SuggestionOut:
    """Return what was weighed with names; only the nearest of those left out."""
    candidates = weighed.ranking.candidates
    nearest = weighed.ranking.left_out[:SHOWN_LEFT_OUT]
    names = await read_names(
        session,
        [c.vehicle.no for c in candidates] + [entry.vehicle_no for entry in nearest],
        [c.driver.no for c in candidates],
        weighed.at.now,
    )
    # Validated at once: a hundred candidates are a thousand objects.
    return SuggestionOut.model_validate(
        {
            "id": suggestion_id,
            "at": weighed.at.now,
            "start": weighed.need.start,
            "end": weighed.need.end,
            "travel_times": weighed.travel_label.value,
            "map_version": weighed.map_version,
            "positions": weighed.positions.value,
            "rules_version": VERSION,
            "candidates": [
                _candidate(n, one, names, weighed.at.now)
                for n, one in enumerate(candidates, start=1)
            ],
            "left_out": [_left_out(one, names) for one in nearest],
            "left_out_total": len(weighed.ranking.left_out),
            "left_out_by_rule": weighed.ranking.left_out.by_rule(),
        }
    )


def left_out_vehicles(entries: Sequence[LeftOut], names: Names) -> list[LeftOutVehicle]:
    """Return vehicles left out with their plates."""
    return [LeftOutVehicle.model_validate(_left_out(entry, names)) for entry in entries]


def _left_out(entry: LeftOut, names: Names) -> Told:
    named = names.vehicles[entry.vehicle_no]
    return {
        "vehicle": {"id": named.id, "plate": named.plate},
        "rule": entry.rule,
        "sentence": entry.sentence,
        "hard": entry.rule in HARD_NAMES,
    }


def _candidate(place: int, candidate: Candidate, names: Names, now: datetime) -> Told:
    vehicle, driver = candidate.vehicle, candidate.driver
    named, cost, seen_at = names.vehicles[vehicle.no], candidate.cost, candidate.seen_at
    # Read in one transaction with the facts: whoever is a candidate is used by a unit.
    assert named.unit is not None
    return {
        "rank": place,
        "vehicle": {
            "id": named.id,
            "plate": named.plate,
            "seats": vehicle.seats,
            "category": vehicle.category,
            "holding": vehicle.holding,
        },
        "unit": _told(named.unit),
        "driver": _told(names.drivers[driver.no]),
        "use": USE_STEP[candidate.use],
        "arrival_s": candidate.arrival_s,
        "empty_m": candidate.empty_m,
        "duty_s": driver.duty_s,
        "unit_duty_s": candidate.unit_duty_s,
        "cost": {
            "use_s": cost.use_s,
            "arrival_s": cost.arrival_s,
            "empty_s": cost.empty_s,
            "driver_duty_s": cost.driver_duty_s,
            "unit_duty_s": cost.unit_duty_s,
            "total_s": cost.total_s,
        },
        "reasons": [{"rule": r.rule, "sentence": r.sentence} for r in candidate.reasons],
        "position_age_s": round((now - seen_at).total_seconds()) if seen_at else None,
        "latitude": candidate.start[0],
        "longitude": candidate.start[1],
    }


def _told(named: Named) -> Told:
    return {"id": named.id, "name": named.name}
