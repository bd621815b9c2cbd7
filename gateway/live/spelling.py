"""The JSON of a vehicle on the live map, as `tracking.schemas.LiveItem` has it.

It is written for every vehicle that moves, many times a second: what the register says is spelt
once. All of it is ASCII, other characters escaped (RFC 8259, section 7): then the copy that each
socket makes of a text is a copy of memory, at a fortieth of the work.
"""

import json
from datetime import UTC, datetime
from functools import lru_cache
from math import isfinite

from tracking.live.fleet import OnOrder
from tracking.live.index import LivePosition
from tracking.live.register import LiveVehicle
from tracking.live.state import live_state


class Speller:
    """Spells vehicles; remembers what it spelt of the register's words."""

    def __init__(self) -> None:
        self._heads: dict[int, tuple[LiveVehicle, str]] = {}

    def spelt(
        self, vehicle: LiveVehicle, position: LivePosition, order: OnOrder | None, now: datetime
    ) -> str:
        """Return the JSON of a vehicle at its newest position; `now` decides its state."""
        return (
            f"{self._head(vehicle)}"
            f',"latitude":{_number(position.lat)},"longitude":{_number(position.lon)}'
            f',"speed_kmh":{_number(position.speed_kmh)}'
            f',"course_deg":{_number(position.course_deg)}'
            f',"time":"{_instant(position.time_s)}","state":"{live_state(position, now)}"'
            f',"order":{_order(order)}}}'
        )

    def forget(self, vehicle_no: int) -> None:
        """Forget a vehicle of which nothing is told any more."""
        self._heads.pop(vehicle_no, None)

    def _head(self, vehicle: LiveVehicle) -> str:
        known = self._heads.get(vehicle.no)
        if known is not None and known[0] is vehicle:
            return known[1]
        head = (
            f'{{"id":"{vehicle.id}","plate":{json.dumps(vehicle.plate)}'
            f',"unit":{{"id":"{vehicle.unit_id}","name":{json.dumps(vehicle.unit_name)}}}'
        )
        self._heads[vehicle.no] = vehicle, head
        return head


def _number(value: float | None) -> str:
    # JSON has no word for what is not finite.
    return repr(value) if value is not None and isfinite(value) else "null"


@lru_cache(maxsize=4_096)
def _instant(time_s: int) -> str:
    return datetime.fromtimestamp(time_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _order(order: OnOrder | None) -> str:
    if order is None:
        return "null"
    id = "null" if order.id is None else f'"{order.id}"'
    return f'{{"id":{id},"state":{json.dumps(order.state)}}}'
