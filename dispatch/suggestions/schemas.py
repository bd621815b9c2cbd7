"""What the API says about suggestions. Coordinates are WGS-84, costs seconds of waiting."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from dispatch.schemas import NamedRef, PlateRef
from fleet.words import Category

UseStep = Literal["own_unit", "pool", "cross_unit", "sharing", "rental"]
"""In which order vehicles are tried (`dispatch.matching.ranking.Use`)."""


class SuggestedVehicle(PlateRef):
    """A vehicle as a suggestion shows it."""

    seats: int
    category: Category
    holding: str


class ReasonOut(BaseModel):
    """One term of a candidate's place: the rule's name and its sentence."""

    rule: str
    sentence: str


class CostOut(BaseModel):
    """The terms of a candidate's cost and their sum, each in seconds of a passenger's waiting."""

    use_s: int
    arrival_s: int
    empty_s: int
    driver_duty_s: int
    unit_duty_s: int
    total_s: int


class CandidateOut(BaseModel):
    """A vehicle that may serve; rank 1 is the best. `position_age_s` is None for a base.

    duty_s: of the driver on the day of the ride; unit_duty_s: of the unit's drivers, on the mean
    """

    rank: int
    vehicle: SuggestedVehicle
    unit: NamedRef
    driver: NamedRef | None
    use: UseStep
    arrival_s: int
    empty_m: int
    duty_s: int
    unit_duty_s: int
    cost: CostOut
    reasons: list[ReasonOut]
    position_age_s: int | None
    latitude: float
    longitude: float


class CandidateKept(BaseModel):
    """A candidate as it was shown; earlier versions knew fewer figures."""

    rank: int
    vehicle: SuggestedVehicle
    unit: NamedRef
    driver: NamedRef | None
    use: UseStep | None = None
    arrival_s: int
    empty_m: int
    duty_s: int | None = None
    unit_duty_s: int | None = None
    cost: CostOut | None = None
    reasons: list[ReasonOut]
    position_age_s: int | None
    latitude: float
    longitude: float


class LeftOutVehicle(BaseModel):
    """A vehicle that may not serve, and the first rule that says so.

    hard: whether the rule binds whoever assigns by hand too
    """

    vehicle: PlateRef
    rule: str
    sentence: str
    hard: bool = True


class LeftOutPage(BaseModel):
    """A page of vehicles left out, the nearest first."""

    items: list[LeftOutVehicle]
    next_cursor: str | None


class SuggestionKept(BaseModel):
    """A suggestion as it was shown, without the vehicles that the reader may not dispatch.

    order_id: what came of it; hidden: how many candidates are not told
    rules_version, map_version, record_sha256: of the record by which it can be replayed; None for
        suggestions of an earlier version
    """

    id: UUID
    request_id: UUID
    order_id: UUID | None
    at: datetime
    travel_times: Literal["roads", "straight_line"]
    map_version: str | None
    rules_version: int | None
    record_sha256: str | None
    candidates: list[CandidateKept]
    hidden: int
    left_out: list[LeftOutVehicle]
    left_out_total: int
    left_out_by_rule: dict[str, int]


class ExplanationOut(BaseModel):
    """Why an order has its vehicle, in sentences, and whether the same came of a replay.

    replayed: None where no recorded suggestion led to the order
    """

    order_id: UUID
    lines: list[str]
    replayed: bool | None


class SuggestionOut(BaseModel):
    """The ranked vehicles for a request, kept as shown; for no request, `id` is None.

    positions: whether they were read from the fleet in memory or from the database
    left_out: the nearest of those left out; `left_out_total` says how many there are in all, and
        `left_out_by_rule` how many each rule left out
    """

    id: UUID | None
    at: datetime
    start: datetime
    end: datetime
    travel_times: Literal["roads", "straight_line"]
    map_version: str | None
    positions: Literal["live", "database"]
    rules_version: int
    candidates: list[CandidateOut]
    left_out: list[LeftOutVehicle]
    left_out_total: int
    left_out_by_rule: dict[str, int]
