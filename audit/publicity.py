"""The monthly publicity (公示) inside a unit: which vehicle went when, what for, where, how far.

An order stands in the month of its departure with all of its metres, so that each order is posted
once and months add up; where a vehicle was swapped on the road, each that drove has a row of its
own, with its own time and metres. A shared order is posted by each unit whose passengers rode, with
all of its metres too: those of several units don't add up to what was driven. Names of people and
written reasons never appear in it, nor what passengers of other units were driven for and where to:
of those it says that they rode along.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dispatch.words import PURPOSE_LABEL, SERVICE_LABEL, Purpose, ServiceKind
from fleet.words import Category
from kit.clock import SHANGHAI, day_start, shanghai_day

MASKED_PLACE = "按规定不公示"
MISSION_LABEL = "保障任务"
SHARED_LABEL = "合乘"

Month = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Posted:
    """A vehicle's part in a finished order, as it is to be posted.

    A service order has a kind instead of purposes.
    start, end: when the vehicle drove; it departed with the order or took over on the road
    purposes, places: of the unit's own requests
    is_mission: of a mission, whose details are for the people named in it
    is_shared: passengers of other units rode in it
    """

    order_id: UUID
    vehicle_no: int
    plate: str
    category: str
    start: datetime
    end: datetime | None
    service_kind: str | None
    purposes: Sequence[str]
    places: Sequence[str]
    is_mission: bool = False
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class PublicityRow:
    """One use of a vehicle; `day` is the Shanghai day on which it began."""

    plate: str
    day: date
    start: datetime
    end: datetime | None
    purpose_label: str
    place: str | None
    distance_m: int


@dataclass(frozen=True, slots=True)
class Publicity:
    """A unit's rows of a month, in order of departure, and who had them made when."""

    unit_name: str
    month: str
    rows: tuple[PublicityRow, ...]
    watermark: str

    @property
    def total_m(self) -> int:
        """The sum of the rows."""
        return sum(row.distance_m for row in self.rows)


def month_period(month: str) -> Month:
    """Return [start, end) of a Shanghai month written YYYY-MM, in UTC. Raises ValueError."""
    if len(month) != len("2026-01"):
        raise ValueError("a month is written as YYYY-MM")
    first = date.fromisoformat(f"{month}-01")
    later = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return day_start(first), day_start(later)


def publicity_rows(
    orders: Iterable[Posted], metres: Mapping[tuple[int, UUID], int]
) -> tuple[PublicityRow, ...]:
    """Return the rows of finished orders.

    metres: what each order explains of each vehicle, by (vehicle number, order)
    """
    ordered = sorted(orders, key=lambda o: (o.start, o.plate, o.order_id))
    return tuple(_row(one, metres.get((one.vehicle_no, one.order_id), 0)) for one in ordered)


def watermark(person: str, organisation: str, now: datetime) -> str:
    """Return who had a report made, for whom, and when (Beijing time)."""
    return f"{person} {organisation} {now.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _row(order: Posted, distance_m: int) -> PublicityRow:
    return PublicityRow(
        plate=order.plate,
        day=shanghai_day(order.start),
        start=order.start,
        end=order.end,
        purpose_label=_purpose_label(order),
        place=_place(order),
        distance_m=distance_m,
    )


def _purpose_label(order: Posted) -> str:
    if order.service_kind is not None:
        return SERVICE_LABEL[ServiceKind(order.service_kind)]
    if order.is_mission:
        return MISSION_LABEL
    labels = [PURPOSE_LABEL[Purpose(p)] for p in order.purposes]
    return "、".join(dict.fromkeys([*labels, *([SHARED_LABEL] if order.is_shared else [])]))


def _place(order: Posted) -> str | None:
    if order.is_mission or order.category == Category.CONFIDENTIAL_COURIER:
        return MASKED_PLACE
    nothing = MASKED_PLACE if order.is_shared else None
    return "、".join(dict.fromkeys(order.places)) or nothing
