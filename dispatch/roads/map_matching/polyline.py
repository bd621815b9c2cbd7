"""Lines as text: differences of degrees, five bits a letter.

Source: Google, "Encoded Polyline Algorithm Format"; Valhalla's documentation, "Decoding a route
shape", for its six digits after the point.
"""

from __future__ import annotations

from collections.abc import Iterator

from dispatch.roads.network import LatLon

_FIRST, _MORE = 63, 0x20
_MOST_BITS = 35
"""Of one number: 180° in both directions at six digits are 30, in whole letters."""


def decode_polyline(text: str, digits: int = 6) -> list[LatLon]:
    """The points of a line in degrees, latitude first. Raises ValueError where it is none."""
    numbers = list(_numbers(text))
    if len(numbers) % 2:
        raise ValueError("a line ends in the middle of a point")
    points, lat, lon = [], 0, 0
    for north, east in zip(numbers[::2], numbers[1::2], strict=True):
        lat, lon = lat + north, lon + east
        point = lat / 10**digits, lon / 10**digits
        if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
            raise ValueError("a point of a line is nowhere")
        points.append(point)
    return points


def _numbers(text: str) -> Iterator[int]:
    value = bits = 0
    for letter in text:
        part = ord(letter) - _FIRST
        if not 0 <= part < 2 * _MORE:
            raise ValueError("a letter of a line stands for nothing")
        value |= (part & (_MORE - 1)) << bits
        bits += 5
        if bits > _MOST_BITS:
            raise ValueError("a number of a line is too long")
        if part < _MORE:
            # The lowest bit is the sign.
            yield ~(value >> 1) if value & 1 else value >> 1
            value = bits = 0
    if bits:
        raise ValueError("a line ends in the middle of a number")
