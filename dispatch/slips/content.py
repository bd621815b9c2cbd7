"""The slip (派车单): its number and the 19 items that it prints.

The items follow the county model read in the domain notes (印江县 派车单, 19 items). What is
planned is written when the slip is issued and never again; what happened is filled in beside it
from the order's steps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kit.clock import SHANGHAI

ITEMS: tuple[tuple[str, str], ...] = (
    ("unit", "用车单位"),
    ("passenger", "用车人"),
    ("passenger_phone", "联系电话"),
    ("purpose", "用车事由"),
    ("passengers", "乘车人数"),
    ("route_planned", "计划路线"),
    ("departure_place", "出车地点"),
    ("times_planned", "计划用车时间"),
    ("plate", "车牌号码"),
    ("driver", "驾驶员"),
    ("number_text", "派车单编号"),
    ("approvals", "审批情况"),
    ("times_actual", "实际出车、到达、收车时间"),
    ("odometer", "出车、收车里程表读数"),
    ("distance", "行驶里程"),
    ("tolls", "通行费"),
    ("parking", "停车费"),
    ("route_driven", "实际行驶路线"),
    ("signatures", "签字"),
)
ACTUAL = frozenset({"times_actual", "odometer", "distance"})
BY_HAND = frozenset({"tolls", "parking", "route_driven", "signatures"})


def number_text(year: int, number: int) -> str:
    """Return a slip's number as it is printed: 派〔2026〕0001号.

    The year stands in hexagonal brackets and the sign at the end, as in GB/T 9704-2012 section
    7.2.5; the four digits are a width, not a limit.
    """
    return f"派〔{year}〕{number:04d}号"


def slip_year(now: datetime) -> int:
    """Return the year to which a slip issued at `now` is numbered (Asia/Shanghai)."""
    return now.astimezone(SHANGHAI).year


@dataclass(frozen=True, slots=True)
class Approval:
    """One link of the approver chain."""

    name: str
    action: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SlipFacts:
    """What is known when a slip is issued."""

    number_text: str
    issuer: str
    dispatcher: str
    unit: str
    passenger: str | None
    passenger_phone: str | None
    purpose: str
    passengers: int | None
    waypoints: Sequence[str]
    start: datetime
    end: datetime
    plate: str
    driver: str
    cross_unit: bool
    approvals: Sequence[Approval]


@dataclass(frozen=True, slots=True)
class Odometer:
    """What the odometer of one vehicle read on an order; unknown is None."""

    plate: str
    out_m: int | None
    in_m: int | None

    @property
    def driven_m(self) -> int | None:
        """The way between the two."""
        return None if self.out_m is None or self.in_m is None else self.in_m - self.out_m


@dataclass(frozen=True, slots=True)
class Driven:
    """What happened on an order so far; a vehicle for each that drove, in their order."""

    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    returned_at: datetime | None = None
    odometers: Sequence[Odometer] = ()


def slip_content(facts: SlipFacts) -> dict[str, object]:
    """Return the planned items of a slip as JSON values, with who issued it and under what."""
    return {
        "unit": facts.unit,
        "passenger": facts.passenger,
        "passenger_phone": facts.passenger_phone,
        "purpose": facts.purpose,
        "passengers": facts.passengers,
        "route_planned": route_text(facts.waypoints) or None,
        "departure_place": facts.waypoints[0] if facts.waypoints else None,
        "times_planned": planned_times(facts.start, facts.end),
        "plate": facts.plate,
        "driver": facts.driver,
        "number_text": facts.number_text,
        "approvals": approvals_text(facts.approvals) or None,
        "issuer": facts.issuer,
        "dispatcher": facts.dispatcher,
        "cross_unit": facts.cross_unit,
    }


def filled_items(content: Mapping[str, object], driven: Driven) -> list[tuple[str, str, str]]:
    """Return (key, label, text) of the 19 items; what is unknown or written by hand is empty."""
    actual = {
        "times_actual": _times(driven),
        "odometer": _odometers(driven),
        "distance": _distance(driven),
    }
    items = []
    for key, label in ITEMS:
        value = actual.get(key) if key in ACTUAL else content.get(key)
        items.append((key, label, "" if value is None else str(value)))
    return items


def route_text(waypoints: Sequence[str]) -> str:
    """Return a planned route as it is printed."""
    return " → ".join(waypoints)


def calls_text(calls: Sequence[tuple[str, str, datetime]]) -> str:
    """Return the calls of a shared vehicle as they are printed: when, where, how many on or off."""
    return " → ".join(
        f"{at.astimezone(SHANGHAI):%m-%d %H:%M} {place}（{what}）" for place, what, at in calls
    )


def approvals_text(approvals: Sequence[Approval]) -> str:
    """Return the approver chain as it is printed."""
    return "；".join(f"{a.action} {a.name} {beijing(a.at)}" for a in approvals)


def planned_times(start: datetime, end: datetime) -> str:
    """Return a planned period as it is printed."""
    return f"{beijing(start)} 至 {beijing(end)}"


def beijing(instant: datetime) -> str:
    """Return an instant as it is printed: 2026-03-01 08:30, in Asia/Shanghai."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def kilometres(metres: int) -> str:
    """Return metres as printed kilometres with one decimal, rounded half up."""
    tenths = (metres + 50) // 100
    return f"{tenths // 10}.{tenths % 10} 公里"


def _times(driven: Driven) -> str | None:
    parts = (
        ("出车", driven.departed_at),
        ("到达", driven.arrived_at),
        ("收车", driven.returned_at),
    )
    return "；".join(f"{word} {beijing(at)}" for word, at in parts if at) or None


def _odometers(driven: Driven) -> str | None:
    texts = []
    for one in driven.odometers:
        parts = (("出车", one.out_m), ("收车", one.in_m))
        text = "；".join(f"{word} {kilometres(m)}" for word, m in parts if m is not None)
        if text:
            texts.append(f"{one.plate} {text}" if len(driven.odometers) > 1 else text)
    return "；".join(texts) or None


def _distance(driven: Driven) -> str | None:
    """Return what all vehicles drove together; a reading that is missing leaves it unknown."""
    ways = [one.driven_m for one in driven.odometers]
    known = [way for way in ways if way is not None]
    return kilometres(sum(known)) if known and len(known) == len(ways) else None
