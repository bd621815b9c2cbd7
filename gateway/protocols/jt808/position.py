"""The position body (message 0x0200; 2013 and 2019, 8.12; offsets as facts correct them).

    0 alarm DWORD | 4 status DWORD | 8 latitude 1e-6 deg DWORD | 12 longitude DWORD | 16 altitude m
    18 speed 1/10 km/h WORD | 20 course WORD | 22 time BCD[6], GMT+8 | 28 items {id, length, value}

A report keeps the integers and bytes exactly as sent, so that the same report always has the same
digest; what they mean is read by properties. Bytes that don't parse as an item stay in
`items_tail`: a bad item never costs the position.
"""

import struct
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from gateway.protocols.jt808.errors import FieldError
from gateway.protocols.jt808.times import CHINA_TIME

# Altitude is read as signed: no road reaches 32,768 m, some lie below the sea.
_BASIC = struct.Struct(">IIIIhHH6s")
BASIC_LENGTH = _BASIC.size
_ACC, _FIXED, _SOUTH, _WEST = 0b0001, 0b0010, 0b0100, 0b1000


class Item(NamedTuple):
    """An additional item, uninterpreted: vendors give one id different meanings and widths."""

    id: int
    value: bytes


ODOMETER, FUEL, SATELLITES = 0x01, 0x02, 0x31


@dataclass(frozen=True, slots=True)
class PositionReport:
    """One position as sent. `lat_e6` and `lon_e6` are magnitudes; the hemisphere is in `status`."""

    alarm: int
    status: int
    lat_e6: int
    lon_e6: int
    altitude_m: int
    speed_tenths: int
    course_deg: int
    time_raw: bytes
    items: tuple[Item, ...] = ()
    items_tail: bytes = b""

    @property
    def latitude(self) -> float:
        """Degrees, south negative. May be impossible: it is what was sent."""
        return (-self.lat_e6 if self.status & _SOUTH else self.lat_e6) / 1e6

    @property
    def longitude(self) -> float:
        """Degrees, west negative. May be impossible: it is what was sent."""
        return (-self.lon_e6 if self.status & _WEST else self.lon_e6) / 1e6

    @property
    def time(self) -> datetime | None:
        """The terminal's time in UTC; None when the bytes are no date."""
        return CHINA_TIME.decode(self.time_raw)

    @property
    def acc(self) -> bool:
        """Ignition on (status bit 0)."""
        return bool(self.status & _ACC)

    @property
    def fixed(self) -> bool:
        """The receiver had a fix (status bit 1)."""
        return bool(self.status & _FIXED)

    @property
    def speed_kmh(self) -> float:
        """Speed over ground as reported."""
        return self.speed_tenths / 10

    @property
    def odometer_m(self) -> int | None:
        """Odometer in metres (item 0x01, DWORD of 1/10 km)."""
        tenths_km = self._number(ODOMETER, 4)
        return None if tenths_km is None else tenths_km * 100

    @property
    def satellites(self) -> int | None:
        """Satellites in use (item 0x31, BYTE)."""
        return self._number(SATELLITES, 1)

    @property
    def body(self) -> bytes:
        """The exact bytes that were sent as this position."""
        return encode_position(self)

    def item(self, item_id: int) -> bytes | None:
        """Return the value of the first item of that id."""
        return next((item.value for item in self.items if item.id == item_id), None)

    def digest(self) -> int:
        """Return a signed 64-bit digest of the whole raw body (BLAKE2b), part of its identity."""
        return int.from_bytes(blake2b(self.body, digest_size=8).digest(), signed=True)

    def _number(self, item_id: int, width: int) -> int | None:
        # Vendors reuse ids in other widths; only the standard's width has the standard's meaning.
        value = self.item(item_id)
        return int.from_bytes(value) if value is not None and len(value) == width else None


def decode_position(body: bytes) -> PositionReport:
    """Return the report in `body`. Raises FieldError when even the basic block is incomplete."""
    if len(body) < BASIC_LENGTH:
        raise FieldError(f"a position has {BASIC_LENGTH} bytes at least, not {len(body)}")
    alarm, status, lat, lon, altitude, speed, course, time = _BASIC.unpack_from(body)
    items, tail = _decode_items(body)
    return PositionReport(alarm, status, lat, lon, altitude, speed, course, time, items, tail)


def encode_position(report: PositionReport) -> bytes:
    """Return the body of a report. Raises FieldError when a value doesn't fit."""
    if len(report.time_raw) != 6:
        raise FieldError("the time of a position has six bytes")
    try:
        basic = _BASIC.pack(
            report.alarm,
            report.status,
            report.lat_e6,
            report.lon_e6,
            report.altitude_m,
            report.speed_tenths,
            report.course_deg,
            report.time_raw,
        )
        items = [bytes((item_id, len(value))) + value for item_id, value in report.items]
    except (struct.error, ValueError) as error:
        raise FieldError(str(error)) from None
    return b"".join((basic, *items, report.items_tail))


def position_report(
    time: datetime,
    latitude: float,
    longitude: float,
    *,
    speed_kmh: float = 0.0,
    course_deg: int = 0,
    altitude_m: int = 0,
    acc: bool = True,
    fixed: bool = True,
    alarm: int = 0,
    odometer_m: int | None = None,
    satellites: int | None = None,
    extra_items: tuple[Item, ...] = (),
) -> PositionReport:
    """Return the report that a terminal would send; degrees are WGS-84, `time` is aware."""
    status = _ACC * acc | _FIXED * fixed | _SOUTH * (latitude < 0) | _WEST * (longitude < 0)
    items: list[Item] = []
    if odometer_m is not None:
        items.append(Item(ODOMETER, (odometer_m // 100).to_bytes(4)))
    if satellites is not None:
        items.append(Item(SATELLITES, satellites.to_bytes(1)))
    return PositionReport(
        alarm,
        status,
        round(abs(latitude) * 1e6),
        round(abs(longitude) * 1e6),
        altitude_m,
        round(speed_kmh * 10),
        course_deg % 360,
        CHINA_TIME.encode(time),
        (*items, *extra_items),
    )


def _decode_items(body: bytes) -> tuple[tuple[Item, ...], bytes]:
    items: list[Item] = []
    offset = BASIC_LENGTH
    while offset + 2 <= len(body):
        end = offset + 2 + body[offset + 1]
        if end > len(body):
            break
        items.append(Item(body[offset], body[offset + 2 : end]))
        offset = end
    return tuple(items), body[offset:]
