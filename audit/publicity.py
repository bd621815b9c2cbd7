"""The monthly publicity (公示) inside a unit: which vehicle went when, what for, where, how far.

An order stands in the month of its departure with all of its metres, so that each order is posted
once and months add up. Names of people and written reasons never appear in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dispatch.words import PURPOSE_LABEL, SERVICE_LABEL, Purpose, ServiceKind
from fleet.words import Category
from kit.clock import SHANGHAI, day_start, shanghai_day

MASKED_PLACE = "按规定不公示"

Month = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Posted:
    """A finished order as it is to be posted; a service order has a kind instead of purposes."""

    order_id: UUID
    vehicle_no: int
    plate: str
    category: str
    departed_at: datetime
    returned_at: datetime | None
    service_kind: str | None
    purposes: Sequence[str]
    places: Sequence[str]


@dataclass(frozen=True, slots=True)
class PublicityRow:
    """One use of a vehicle; `day` is the Shanghai day of its departure."""

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
    orders: Iterable[Posted], metres: Mapping[UUID, int]
) -> tuple[PublicityRow, ...]:
    """Return the rows of finished orders; `metres` are those that each order explains."""
    ordered = sorted(orders, key=lambda o: (o.departed_at, o.plate, o.order_id))
    return tuple(_row(order, metres.get(order.order_id, 0)) for order in ordered)


def watermark(person: str, organisation: str, now: datetime) -> str:
    """Return who had a report made, for whom, and when (Beijing time)."""
    return f"{person} {organisation} {now.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _row(order: Posted, distance_m: int) -> PublicityRow:
    return PublicityRow(
        plate=order.plate,
        day=shanghai_day(order.departed_at),
        start=order.departed_at,
        end=order.returned_at,
        purpose_label=_purpose_label(order),
        place=_place(order),
        distance_m=distance_m,
    )


def _purpose_label(order: Posted) -> str:
    if order.service_kind is not None:
        return SERVICE_LABEL[ServiceKind(order.service_kind)]
    return "、".join(dict.fromkeys(PURPOSE_LABEL[Purpose(p)] for p in order.purposes))


def _place(order: Posted) -> str | None:
    if order.category == Category.CONFIDENTIAL_COURIER:
        return MASKED_PLACE
    return "、".join(dict.fromkeys(order.places)) or None
