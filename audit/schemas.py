"""What the API says about audit (监督核查). Distances in metres, times RFC 3339 with offset."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator

from audit.rules import Rule
from dispatch.schemas import NamedRef, PeriodOut, PlateRef
from kit.clock import day_start
from kit.web import InstantIn


def _day_as_instant(value: object) -> object:
    """Read a bare day as its first instant in Asia/Shanghai; leave all else to the parser."""
    if isinstance(value, str) and len(value) == len("2026-01-31"):
        try:
            return day_start(date.fromisoformat(value))
        except OverflowError as error:  # the first day of year 1 begins in year 0 in UTC
            raise ValueError("the day lies too far away") from error
    return value


# An instant, or a Shanghai day that stands for its beginning: periods are half-open.
InstantOrDay = Annotated[InstantIn, BeforeValidator(_day_as_instant)]


class CounterOut(BaseModel):
    """Something that speaks against a finding, or weakens it."""

    code: str
    sentence: str


class FindingItem(BaseModel):
    """A suspected discrepancy (疑点); `superseded_at` is set on one that no longer stands."""

    id: UUID
    rule: Rule
    rule_label: str
    rule_version: int
    vehicle: PlateRef
    unit: NamedRef
    day: date
    period: PeriodOut
    trip_id: UUID | None
    figures: dict[str, object]
    counter_evidence: list[CounterOut]
    state: Literal["suspected"]
    superseded_at: datetime | None
    superseded_by: UUID | None


class FindingPage(BaseModel):
    """A page of findings, the newest day first."""

    items: list[FindingItem]
    next_cursor: str | None


class KilometresOut(BaseModel):
    """driven_m = ordered_m + service_m + filed_m + unexplained_m, exactly."""

    driven_m: int
    ordered_m: int
    service_m: int
    filed_m: int
    unexplained_m: int


class VehicleKilometres(KilometresOut):
    """What a vehicle drove for one unit."""

    vehicle: PlateRef


class UnitKilometres(KilometresOut):
    """What a unit's vehicles drove: the sums of `vehicles`."""

    unit: NamedRef
    vehicles: list[VehicleKilometres]


class ExplainedReport(BaseModel):
    """Explained kilometres of a period of whole Shanghai days; `total` is the sum of `units`.

    `provisional_days` may still change: they are not over, or have yet to be settled.
    """

    period: PeriodOut
    units: list[UnitKilometres]
    total: KilometresOut
    provisional_days: list[date]


class PublicityRowOut(BaseModel):
    """One use of a vehicle, as it is posted inside the unit."""

    plate: str
    date: date
    start: datetime
    end: datetime | None
    purpose_label: str
    place: str | None
    distance_m: int


class PublicityReport(BaseModel):
    """The monthly publicity (公示) of a unit; `total_m` is the sum of its rows."""

    unit: NamedRef
    month: str
    rows: list[PublicityRowOut]
    total_m: int
    watermark: str


class RuleVersionItem(BaseModel):
    """One version of a rule's thresholds, in force for a period."""

    id: UUID
    rule: Rule
    rule_label: str
    version: int
    period: PeriodOut
    thresholds: dict[str, object]


class RuleList(BaseModel):
    """Every version of every rule."""

    items: list[RuleVersionItem]
    next_cursor: None = None
