"""What the API speaks about the calendar."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from fleet.calendar.days import CalendarStatus, DayKind
from fleet.calendar.regions import NATION, REGION_PATTERN
from fleet.calendar.statutory import FIRST_YEAR, LAST_YEAR
from fleet.inputs import Input
from kit.texts import Written

Region = Annotated[
    str, StringConstraints(pattern=REGION_PATTERN, max_length=6), Field(description="GB/T 2260")
]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
_Words = Written(200)
Festival = Annotated[str, Written(40)]


class HolidayRun(Input):
    """Consecutive days off, as a notice writes them: from the first to the last."""

    name: Festival
    first: date
    last: date


class Notice(Input):
    """A region's year as its notice gives it; whatever it doesn't name stays as it is above.

    A version replaces the one before as a whole.
    """

    region_code: Region = NATION
    year: Year
    status: CalendarStatus = CalendarStatus.PUBLISHED
    source: Annotated[str, _Words, Field(description="The document: its title, number and date")]
    holidays: Annotated[list[HolidayRun], Field(max_length=60)]
    makeup_workdays: Annotated[list[date], Field(max_length=60)]


class DayOut(BaseModel):
    """A day; `region_code` is whose notice names it, null where the week alone decides."""

    date: date
    kind: DayKind
    name: str | None
    region_code: str | None


class LayerOut(BaseModel):
    """A version that a year rests on; without a number it was computed for want of a notice."""

    region_code: str
    version: int | None
    status: CalendarStatus
    source: str


class CalendarOut(BaseModel):
    """A region's year, every day of it; provisional while any of its versions is."""

    year: int
    region_code: str
    provisional: bool
    versions: list[LayerOut]
    workdays: int
    days: list[DayOut]


class DayAnswer(DayOut):
    """What one day is, and how sure that is."""

    provisional: bool
    versions: list[LayerOut]


class DifferenceOut(BaseModel):
    """A day that an import would make something else."""

    date: date
    before: DayOut
    after: DayOut


class CalendarPreview(BaseModel):
    """What an import would change, day by day; nothing is changed yet."""

    year: int
    region_code: str
    version: int
    provisional: bool
    workdays_before: int
    workdays_after: int
    differences: list[DifferenceOut]


class CalendarVersionOut(BaseModel):
    """A version of a region's own days; it was in force in its period."""

    id: UUID
    region_code: str
    year: int
    version: int
    status: CalendarStatus
    source: str
    start: datetime
    end: datetime | None


class CalendarVersionPage(BaseModel):
    """A page of versions, the latest year first."""

    items: list[CalendarVersionOut]
    next_cursor: str | None
