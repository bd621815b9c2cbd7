"""What was chosen for an order, by its rows: who, when, why, from which vehicle to which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from dispatch.orders.states import OrderAction
from dispatch.requests.states import RequestAction

CHOICES: tuple[str, ...] = (
    RequestAction.ASSIGN,
    OrderAction.REASSIGN,
    OrderAction.SWAP_VEHICLE,
    OrderAction.SWAP_DRIVER,
)
"""The steps by which an order gets its vehicle and driver."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Plate and driver's name as the slip has them."""

    plate: str
    driver: str

    def amended(self, item: str, text: str) -> "Pair":
        """Return what an amendment of one item of the slip makes of it; others change nothing."""
        return replace(self, **{item: text}) if item in {"plate", "driver"} else self

    def __str__(self) -> str:
        return f"{self.plate} with {self.driver}"


@dataclass(frozen=True, slots=True)
class Round:
    """A round of auto-dispatch: `requests` are all that were weighed together, as it kept them.

    content, sha256: on what it rests (`rounds`); None where that isn't kept
    """

    method: str
    at: datetime
    requests: Sequence[Mapping[str, Any]]
    content: bytes | None = None
    sha256: bytes | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One step that gave an order its vehicle or driver.

    slip: its number as printed; was: None for the first choice
    by: None where no person is known; automatic: auto-dispatch took it in that person's name
    suggestion_id: from which it was made, None where none is recorded
    """

    action: str
    slip: str | None
    by: str | None
    automatic: bool
    at: datetime
    reason: str | None
    was: Pair | None
    becomes: Pair
    suggestion_id: UUID | None
    round: Round | None


def rank_of(candidates: Sequence[Mapping[str, Any]], pair: Pair) -> int | None:
    """Return which place the vehicle had among the candidates that were shown, from 1."""
    for place, one in enumerate(candidates, start=1):
        if one["vehicle"]["plate"] == pair.plate:
            return place
    return None
