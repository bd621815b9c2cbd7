"""Code lists of missions; the words are those of docs/glossary.md."""

from enum import StrEnum

from dispatch.words import Purpose


class MissionKind(StrEnum):
    """What a mission (保障任务) serves."""

    CONFERENCE = "conference"
    RECEPTION = "reception"
    CONVOY = "convoy"


class MissionPart(StrEnum):
    """As what somebody is named in a mission; nobody else reads its details.

    runner: a dispatcher who runs it
    """

    LIAISON = "liaison"
    READER = "reader"
    RUNNER = "runner"


class ArrivalStanding(StrEnum):
    """Where a mission's vehicle stands on its way to the assembly point."""

    AT_ASSEMBLY = "at_assembly"
    ON_THE_WAY = "on_the_way"
    NOT_DEPARTED = "not_departed"
    MISSING = "missing"
    UNASSIGNED = "unassigned"
    OVER = "over"


MISSION_KIND_LABEL: dict[MissionKind, str] = {
    MissionKind.CONFERENCE: "会议保障",
    MissionKind.RECEPTION: "接待保障",
    MissionKind.CONVOY: "车队保障",
}

# What requests of a mission say as their purpose, where its plan says nothing else.
PURPOSE_OF: dict[MissionKind, Purpose] = {
    MissionKind.CONFERENCE: Purpose.GROUP_ACTIVITY,
    MissionKind.RECEPTION: Purpose.RECEPTION,
    MissionKind.CONVOY: Purpose.GROUP_ACTIVITY,
}
