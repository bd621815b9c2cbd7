"""Position bodies, many at once: the vectorised twin of `position.py`.

What one body means is declared there; here the same is read from thousands of bodies in arrays.
A property test holds both to the same answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from gateway.protocols.jt808.batch_times import UNKNOWN, read_china_times
from gateway.protocols.jt808.position import BASIC_LENGTH, ODOMETER, decode_position

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DECODE_VERSION = 1
"""Which reading of the bytes this is. A fix that gives a stored body another meaning adds one;
`gongche redecode` then reads what was stored under the versions before."""

_BASIC = np.dtype(
    [
        ("alarm", ">u4"),
        ("status", ">u4"),
        ("lat_e6", ">u4"),
        ("lon_e6", ">u4"),
        ("altitude_m", ">i2"),
        ("speed_tenths", ">u2"),
        ("course_deg", ">u2"),
        ("time", "u1", 6),
    ]
)
_ACC, _FIXED, _SOUTH, _WEST, _ENCRYPTED = 1, 2, 4, 8, 32
_ITEMS_LOOKED_AT = 32
"""Items before the odometer; a body with more before it is read by the scalar codec."""


@dataclass(frozen=True, slots=True)
class PositionArrays:
    """Positions as sent, one an element: degrees, metres, km/h, microseconds since 1970 (UTC).

    `time_us` and `odometer_m` are UNKNOWN where `position.py` says None. `sure` is false where the
    scalar codec must be asked.
    """

    sure: Flags
    time_us: Ints
    time_raw: Ints
    latitude: Floats
    longitude: Floats
    altitude_m: Ints
    speed_kmh: Floats
    course_deg: Ints
    odometer_m: Ints
    acc: Flags
    fixed: Flags
    encrypted: Flags
    alarm: Ints
    status: Ints
    digest: Ints
    raw: list[bytes]


def decode_bodies(bodies: Sequence[bytes]) -> PositionArrays:
    """Return what the bodies say; each has BASIC_LENGTH bytes at least."""
    ends = np.cumsum(np.fromiter(map(len, bodies), np.int64, len(bodies)))
    starts = np.concatenate(([0], ends[:-1])) if len(bodies) else ends
    return read_bodies(b"".join(bodies), starts, ends)


def decode_all(bodies: Sequence[bytes]) -> PositionArrays:
    """Return what the bodies say, all of it sure: with the scalar codec's help where needed."""
    arrays = decode_bodies(bodies)
    unsure = np.flatnonzero(~arrays.sure)
    for index in unsure.tolist():
        # Of what is unsure only the odometer is open.
        odometer_m = decode_position(bodies[index]).odometer_m
        arrays.odometer_m[index] = UNKNOWN if odometer_m is None else odometer_m
    arrays.sure[unsure] = True
    return arrays


def read_bodies(joined: bytes, starts: Ints, ends: Ints) -> PositionArrays:
    """Return what the bodies `joined[starts[i]:ends[i]]` say, of BASIC_LENGTH bytes at least."""
    octets = np.frombuffer(joined, np.uint8)
    basic = octets[starts[:, None] + np.arange(BASIC_LENGTH)].view(_BASIC)[:, 0]
    status = basic["status"].astype(np.int64)
    time_us, time_raw = read_china_times(basic["time"])
    odometer_m, sure = _odometers(octets, starts + BASIC_LENGTH, ends)
    raw = [joined[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    return PositionArrays(
        sure=sure,
        time_us=time_us,
        time_raw=time_raw,
        latitude=_degrees(basic["lat_e6"], status & _SOUTH),
        longitude=_degrees(basic["lon_e6"], status & _WEST),
        altitude_m=basic["altitude_m"].astype(np.int64),
        speed_kmh=basic["speed_tenths"] / 10,
        course_deg=basic["course_deg"].astype(np.int64),
        odometer_m=odometer_m,
        acc=status & _ACC != 0,
        fixed=status & _FIXED != 0,
        encrypted=status & _ENCRYPTED != 0,
        alarm=basic["alarm"].astype(np.int64),
        status=status,
        digest=_digests(raw),
        raw=raw,
    )


def _degrees(e6: NDArray[np.uint32], is_negative: Ints) -> Floats:
    magnitude = e6.astype(np.int64)
    degrees: Floats = np.where(is_negative != 0, -magnitude, magnitude) / 1e6
    return degrees


def _digests(raw: Sequence[bytes]) -> Ints:
    digests = b"".join([blake2b(body, digest_size=8).digest() for body in raw])
    return np.frombuffer(digests, ">i8").astype(np.int64)


def _odometers(octets: Bytes, items: Ints, ends: Ints) -> tuple[Ints, Flags]:
    """Return the odometers in metres, and whether they are certain.

    All bodies step through their items together; who has found the odometer, or ends, drops out.
    """
    found = np.full(len(items), UNKNOWN)
    at = items.copy()
    still = np.flatnonzero(at + 2 <= ends)
    for _ in range(_ITEMS_LOOKED_AT):
        if not len(still):
            break
        after = at[still] + 2 + octets[at[still] + 1]
        whole = after <= ends[still]
        still, after = still[whole], after[whole]
        is_odometer = octets[at[still]] == ODOMETER
        _note_odometers(found, octets, still[is_odometer], at)
        still, after = still[~is_odometer], after[~is_odometer]
        at[still] = after
        still = still[after + 2 <= ends[still]]
    sure = np.ones(len(items), np.bool_)
    sure[still] = False
    return found, sure


def _note_odometers(found: Ints, octets: Bytes, bodies: Ints, at: Ints) -> None:
    # Vendors reuse ids in other widths; only the standard's width has the standard's meaning.
    bodies = bodies[octets[at[bodies] + 1] == 4]
    values = octets[(at[bodies] + 2)[:, None] + np.arange(4)].view(">u4")[:, 0]
    found[bodies] = values.astype(np.int64) * 100
