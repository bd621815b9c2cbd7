"""Which vehicle a driving licence allows, by its class and the vehicle's body and seats.

Source: 机动车驾驶证申领和使用规定 (公安部令第 162 号), annex 1, 准驾车型及代号; what a class drives
by itself, and which lower classes it includes. Seats count the driver's (核定载人数).
"""

from collections.abc import Mapping
from enum import Enum, auto

from fleet.vehicles.words import Body

CLASS_FORM = r"^(A[1-3]|B[12]|C[1-6])$"


class LicenceKind(Enum):
    """What a licence class allows, of the vehicles that an agency has."""

    LARGE_BUS = auto()
    MEDIUM_BUS = auto()
    SMALL_CAR = auto()
    TRUCK = auto()


_SMALL_SEATS, _MEDIUM_SEATS = 9, 19

_BUS = frozenset({LicenceKind.SMALL_CAR, LicenceKind.MEDIUM_BUS})
_SMALL = frozenset({LicenceKind.SMALL_CAR})

# A3 drives city buses, which no agency has, and small cars besides. C3 and C4 drive low-speed
# goods vehicles and tricycles, C5 cars adapted for their drivers, C6 a light trailer: none of them
# a vehicle of the register. Of trucks, B2 and A2 cover any; light ones, which C1 covers, can't be
# told from heavy ones, so that a truck asks for B2.
_ALLOWS: Mapping[str, frozenset[LicenceKind]] = {
    "A1": _BUS | {LicenceKind.LARGE_BUS, LicenceKind.TRUCK},
    "A2": _BUS | {LicenceKind.TRUCK},
    "A3": _SMALL,
    "B1": _BUS,
    "B2": _SMALL | {LicenceKind.TRUCK},
    "C1": _SMALL,
    "C2": _SMALL,
}


def kind_needed(body: Body | None, seats: int) -> LicenceKind:
    """Return what a licence must allow for a vehicle; an unknown body counts as a car's."""
    if body is Body.TRUCK:
        return LicenceKind.TRUCK
    if seats <= _SMALL_SEATS:
        return LicenceKind.SMALL_CAR
    return LicenceKind.MEDIUM_BUS if seats <= _MEDIUM_SEATS else LicenceKind.LARGE_BUS


def may_drive(licence_class: str, body: Body | None, seats: int) -> bool:
    """Return whether a licence of this class covers the vehicle; an unknown class covers none."""
    return allows(licence_class, kind_needed(body, seats))


def allows(licence_class: str, kind: LicenceKind) -> bool:
    """Return whether a licence of this class covers such vehicles; an unknown one covers none."""
    return kind in _ALLOWS.get(licence_class.upper(), frozenset())
