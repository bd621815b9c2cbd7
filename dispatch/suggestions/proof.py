"""Whether a suggestion is what it was: by the digest in the journal, and by what was shown."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dispatch.suggestions.names import Names
from dispatch.suggestions.record import Record


def changes_since(digest: str | None, sha256: bytes) -> Iterator[str]:
    """Yield a sentence where the record isn't the one whose digest the journal holds.

    digest: in hexadecimal; None where the journal has none of this suggestion, or it was erased
    """
    if digest is None:
        yield "The journal holds no digest of this record: whether it was changed isn't known."
    elif digest != sha256.hex():
        yield "The record was changed since: its SHA-256 isn't that of the journal's entry."


def differs_from_shown(
    record: Record,
    candidates: Sequence[Mapping[str, Any]],
    left_out: Sequence[Mapping[str, Any]],
    names: Names,
) -> Iterator[str]:
    """Yield a sentence for each place at which the dispatcher was shown something else."""
    for place in range(max(len(candidates), len(record.candidates))):
        shown = _shown(candidates[place]) if place < len(candidates) else None
        if shown != _recorded(record, place, names):
            yield f"What was shown differs from the record at rank {place + 1}."
    nearest = record.left_out[: len(left_out)]
    if [(one.rule, one.sentence) for one in nearest] != [
        (one.get("rule"), one.get("sentence")) for one in left_out
    ]:
        yield "What was shown differs from the record among the vehicles left out."


def _shown(candidate: Mapping[str, Any]) -> tuple[object, ...] | None:
    try:
        return (
            candidate["vehicle"]["id"],
            candidate["driver"]["id"],
            candidate["arrival_s"],
            candidate["empty_m"],
            candidate["cost"]["total_s"],
        )
    except (KeyError, TypeError):
        return ()


def _recorded(record: Record, place: int, names: Names) -> tuple[object, ...] | None:
    if place >= len(record.candidates):
        return None
    one = record.candidates[place]
    vehicle, driver = names.vehicles.get(one.vehicle_no), names.drivers.get(one.driver_no)
    return (
        str(vehicle.id) if vehicle else None,
        str(driver.id) if driver else None,
        one.arrival_s,
        one.empty_m,
        one.total_s,
    )
