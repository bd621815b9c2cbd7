"""Map matching by a Valhalla service of the agency's own, where one is set up.

Source: Valhalla's documentation, "Map Matching service API reference", `trace_attributes`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

import httpx
from pydantic import BaseModel, Field

from dispatch.roads.map_matching.polyline import decode_polyline
from dispatch.roads.map_matching.track import Track
from dispatch.roads.network import LatLon

log = logging.getLogger(__name__)

Line = list[LatLon]

MOST_BYTES = 16_000_000
"""A longer answer is none."""
REST_S = 60.0
"""A service that has failed is left alone for so long: nobody waits for it again and again."""

_SEARCH_RADIUS_M = 60
_ACCURACY_M = 10
_ASKED_FOR = (
    "shape",
    "edge.begin_shape_index",
    "edge.end_shape_index",
    "matched.type",
    "matched.edge_index",
    "matched.begin_route_discontinuity",
)


class _Edge(BaseModel):
    begin_shape_index: int = Field(ge=0)
    end_shape_index: int = Field(ge=0)


class _MatchedPoint(BaseModel):
    type: str
    edge_index: int | None = None
    begin_route_discontinuity: bool = False


class _Answer(BaseModel):
    shape: str
    edges: list[_Edge]
    matched_points: list[_MatchedPoint]


class _TooLong(Exception):
    """The answer of a map matching service is too long."""


class Valhalla:
    """One per process; what it can't tell is left to our own matcher."""

    def __init__(
        self, url: str, timeout_s: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """url: where the service listens; clock: seconds that only grow"""
        self._url, self._timeout_s, self._clock = url.rstrip("/"), timeout_s, clock
        self._rests_until_s = -float("inf")

    async def match(self, track: Track) -> list[Line] | None:
        """The roads of a track, a line for each stretch; None where it tells of none.

        A service that fails is left alone for a minute.
        """
        if len(track) < 2 or self._clock() < self._rests_until_s:
            return None
        try:
            answered = await self._ask(track)
        except (httpx.HTTPError, TimeoutError, _TooLong) as problem:
            self._rests_until_s = self._clock() + REST_S
            log.warning("Valhalla did not answer", extra={"error": repr(problem)})
            return None
        if answered is None:
            return None
        try:
            return lines_of(answered) or None
        except ValueError as problem:
            log.warning("Valhalla's answer can't be read", extra={"error": type(problem).__name__})
            return None

    async def _ask(self, track: Track) -> bytes | None:
        """What it answers; None where it refuses this track: too long for it, or off its roads."""
        # A proxy of the surroundings would learn where official vehicles are.
        async with (
            httpx.AsyncClient(timeout=self._timeout_s, trust_env=False) as http,
            asyncio.timeout(self._timeout_s),
            http.stream("POST", f"{self._url}/trace_attributes", json=_question(track)) as answer,
        ):
            if answer.is_client_error:
                return None
            answer.raise_for_status()
            read = bytearray()
            async for part in answer.aiter_bytes():
                read += part
                if len(read) > MOST_BYTES:
                    raise _TooLong
            return bytes(read)


def _question(track: Track) -> dict[str, object]:
    columns = (track.lat.tolist(), track.lon.tolist(), track.time_s.tolist())
    return {
        "shape": [
            {"lat": lat, "lon": lon, "time": time_s}
            for lat, lon, time_s in zip(*columns, strict=True)
        ],
        "costing": "auto",
        "shape_match": "map_snap",
        "trace_options": {"search_radius": _SEARCH_RADIUS_M, "gps_accuracy": _ACCURACY_M},
        "filters": {"attributes": list(_ASKED_FOR), "action": "include"},
    }


def lines_of(answered: bytes) -> list[Line]:
    """The lines in an answer of `trace_attributes`, broken where the route is.

    Raises ValueError where it is none.
    """
    answer = _Answer.model_validate_json(answered)
    if not any(point.type == "matched" for point in answer.matched_points):
        return []
    shape = decode_polyline(answer.shape)
    breaks_after = {
        point.edge_index for point in answer.matched_points if point.begin_route_discontinuity
    }
    lines: list[Line] = []
    reached = -1
    for at, edge in enumerate(answer.edges):
        begin, end = edge.begin_shape_index, edge.end_shape_index
        if not begin <= end < len(shape):
            raise ValueError("an edge isn't on the line")
        if begin == reached and at - 1 not in breaks_after:
            lines[-1] += shape[begin + 1 : end + 1]
        else:
            lines.append(shape[begin : end + 1])
        reached = end
    return [line for line in lines if len(line) > 1]
