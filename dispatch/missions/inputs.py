"""What the API is told of missions. Coordinates are WGS-84, times RFC 3339 with offset."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from dispatch.missions.words import MissionKind
from dispatch.schemas import Latitude, Longitude, Revision, Sent, ShortText, Text, Waypoint
from dispatch.words import Purpose
from fleet.words import Category
from kit.texts import Written
from kit.web import InstantIn

MOST_RIDES = 500
MOST_AT_ONCE = 50
MissionStepName = Literal["submit", "approve", "send_back", "reject", "cancel", "archive"]
PlanText = Annotated[str, Written(5000)]
People = Annotated[list[UUID], Field(max_length=50)]


class AssemblyPoint(Sent):
    """Where the vehicles of a mission gather (集结点); within the radius they are there."""

    name: ShortText
    latitude: Latitude
    longitude: Longitude
    radius_m: Annotated[int, Field(ge=20, le=2000)] = 200


class MissionRideIn(Sent):
    """`count` vehicles alike of a mission, in convoy order.

    standby: held ready to take over, with seats for so many passengers
    passenger_id: who confirms the ride; the liaison where nobody is named
    start, end: between gathering and the mission's end, which they are where nothing is said
    """

    count: Annotated[int, Field(ge=1, le=MOST_RIDES)] = 1
    passengers: Annotated[int, Field(ge=1, le=200)]
    standby: bool = False
    category: Category | None = None
    passenger_id: UUID | None = None
    destination: Waypoint | None = None
    start: InstantIn | None = None
    end: InstantIn | None = None


class MissionIn(Sent):
    """A mission's plan. Guard duty (警卫任务) stays out of this system.

    purpose: of its requests; by the kind where nothing is said
    runner_ids: dispatchers who run it beside whoever writes it
    """

    organisation_id: UUID
    kind: MissionKind
    title: ShortText
    plan: PlanText
    purpose: Purpose | None = None
    start: InstantIn
    end: InstantIn
    gather_at: InstantIn
    assembly: AssemblyPoint
    liaison_id: UUID
    reader_ids: People = Field(default_factory=list)
    runner_ids: People = Field(default_factory=list)
    rides: Annotated[list[MissionRideIn], Field(min_length=1, max_length=MOST_RIDES)]
    draft: bool = False


class MissionChangeIn(MissionIn):
    """A mission written anew, by somebody who has read this revision."""

    revision: Revision


class MissionPeopleIn(Sent):
    """Who is named in a mission from now on, beside its liaison."""

    reader_ids: People
    runner_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]


class MissionStepIn(Sent):
    """An action on a mission, by somebody who has read this revision."""

    revision: Revision
    reason: Text | None = None


class ConvoyOrderIn(Sent):
    """Each vehicle of a mission once, in the order of the convoy."""

    ride_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_RIDES)]


class SlipsIn(Sent):
    """How many slips to issue in this transaction; a reason overrides soft rules for all of it."""

    most: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)] = MOST_AT_ONCE
    reason: Text | None = None


class ReplaceIn(Sent):
    """A standby takes a vehicle's place; the first that fits where none is named."""

    standby_id: UUID | None = None
    reason: Text
