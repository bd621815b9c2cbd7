"""The ten nearest of a moving fleet: the live index against GEOSEARCH of Valkey, side by side.

Invented fleets of 100,000 vehicles: even over a city, in clusters, thinly over a county. In each
round a tenth of them moves, in both; then both are asked for the same places, one at a time.
GEOSEARCH takes the smallest radius that yields ten wherever vehicles are: at each of 20,000 such
places in each round, and at those asked for. What it costs is the server's CPU time and that of
a client that does no more than it must. Beside it stand the server alone, and the server with
redis-py, by which this system speaks to Valkey. The index is asked in the same process: its CPU
time is all that there is.

Every answer is held against an oracle that looks at all vehicles. The index must say the same
vehicles, in the same order. GEOSEARCH knows places to 52 bits, up to half a metre off: of two
vehicles that are as near but for twice that, it may say the other one.
"""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from redis import Redis
from scipy.spatial import cKDTree

from kit.servers.valkey import EmbeddedValkey
from loadtests.measuring import Figure, Place
from tracking.geo import MEAN_RADIUS_M, Floats, distance_m, distances_m
from tracking.live.index import LiveIndex, LivePosition

VEHICLES, MOVING, ROUNDS, QUESTIONS, K = 100_000, 10_000, 5, 300, 10
CENTRE = (45.75, 126.65)
_M_A_DEGREE = 111_195.0
_STEP_M = 100.0
_PLACES = 20_000
_GEOHASH_M = 0.5
"""Half the diagonal of a cell of 52 bits, 0.6 × 0.3 m at the equator, rounded up."""
_LARGER_EARTH = 1.0003
"""Valkey's earth has a radius of 6,372,797.56 m, ours the mean one: by so much it measures more."""
_AT_LEAST = 2.0

Answer = list[tuple[int, float]]
Places = list[tuple[float, float]]
Value = TypeVar("Value")


def run(place: Place) -> list[Figure]:
    """Measure each spread of vehicles on an index and a key of its own."""
    server = EmbeddedValkey(place.folder / "valkey")
    server.start()
    try:
        with Redis.from_url(server.url()) as redis, Geo(server.url()) as geo:
            figures = []
            for name, spread in SPREADS.items():
                redis.flushall()
                figures += _figures(name, _measure(Fleet(spread), geo, redis))
        return figures
    finally:
        server.stop()


def _city(chance: np.random.Generator, count: int) -> Floats:
    """50 km × 50 km, as many everywhere."""
    return chance.uniform(-25_000, 25_000, (2, count))


def _clusters(chance: np.random.Generator, count: int) -> Floats:
    """300 yards and quarters of some hundred metres; a tenth of all on the roads between."""
    middles = chance.uniform(-25_000, 25_000, (2, 300))
    places = middles[:, chance.integers(0, 300, count)] + chance.normal(0, 300, (2, count))
    on_the_road = chance.random(count) < 0.1
    return np.where(on_the_road, _city(chance, count), places)


def _county(chance: np.random.Generator, count: int) -> Floats:
    """300 km × 300 km: one in a square kilometre."""
    return chance.uniform(-150_000, 150_000, (2, count))


SPREADS: dict[str, Callable[[np.random.Generator, int], Floats]] = {
    "city": _city,
    "clusters": _clusters,
    "county": _county,
}


class Fleet:
    """The truth: where every vehicle is, and what is asked; the same for both."""

    def __init__(self, spread: Callable[[np.random.Generator, int], Floats]) -> None:
        self._chance = np.random.default_rng(10)
        self._spread = spread
        self.lat, self.lon = _degrees(spread(self._chance, VEHICLES))

    def move(self) -> list[int]:
        """Move some vehicles; return which."""
        moved = self._chance.choice(VEHICLES, MOVING, replace=False)
        north, east = self._chance.normal(0, _STEP_M, (2, MOVING)) / _M_A_DEGREE
        self.lat[moved] = np.round(self.lat[moved] + north, 6)
        self.lon[moved] = np.round(self.lon[moved] + east / np.cos(np.radians(CENTRE[0])), 6)
        numbers: list[int] = moved.tolist()
        return numbers

    def positions(self, numbers: Sequence[int], round_no: int) -> list[LivePosition]:
        """Where these vehicles are."""
        lat, lon = self.lat.tolist(), self.lon.tolist()
        return [LivePosition(no, round_no, 0, lat[no], lon[no]) for no in numbers]

    def questions(self) -> Places:
        """Places to ask for, spread as the vehicles are."""
        lat, lon = _degrees(self._spread(self._chance, QUESTIONS))
        return list(zip(lat.tolist(), lon.tolist(), strict=True))

    def farthest_m(self) -> float:
        """The tenth nearest is nowhere further, as far as 20,000 places tell."""
        lat, lon = _degrees(self._spread(self._chance, _PLACES))
        tree = cKDTree(_in_space(self.lat, self.lon))
        apart, _ = tree.query(_in_space(lat, lon), [K])
        return float(np.max(apart))

    def nearest(self, lat: float, lon: float) -> Answer:
        """The oracle: all vehicles are looked at."""
        metres = distances_m(self.lat, self.lon, lat, lon)
        few: list[int] = np.argpartition(metres, K + 5)[: K + 5].tolist()
        exact = sorted(
            (distance_m(lat, lon, float(self.lat[no]), float(self.lon[no])), no) for no in few
        )
        return [(no, metres) for metres, no in exact[:K]]


def _degrees(metres: Floats) -> tuple[Floats, Floats]:
    """North and east of the centre in metres, as degrees in a terminal's millionths."""
    north, east = metres / _M_A_DEGREE
    wide = np.cos(np.radians(CENTRE[0]))
    return np.round(CENTRE[0] + north, 6), np.round(CENTRE[1] + east / wide, 6)


def _in_space(lat: Floats, lon: Floats) -> Floats:
    """Places as points in space, metres from the earth's centre; shape (n, 3)."""
    phi, theta = np.radians(lat), np.radians(lon)
    across = np.cos(phi)
    return MEAN_RADIUS_M * np.stack(
        (across * np.cos(theta), across * np.sin(theta), np.sin(phi)), 1
    )


class Geo:
    """The least client there is: one command, one answer, over the server's own socket."""

    def __init__(self, url: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(url.removeprefix("unix://"))

    def __enter__(self) -> "Geo":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def put(self, positions: Sequence[LivePosition]) -> None:
        """Take in positions, a thousand at a time."""
        for start in range(0, len(positions), 1000):
            some = positions[start : start + 1000]
            words = ["GEOADD", "fleet"]
            for one in some:
                words += (repr(one.lon), repr(one.lat), str(one.vehicle_no))
            self._send(words)
            received = self._socket.recv(64)
            assert received.startswith(b":"), received

    def nearest(self, lat: float, lon: float, radius_m: str) -> Answer:
        """Return the ten nearest with their distances."""
        circle = ("FROMLONLAT", repr(lon), repr(lat), "BYRADIUS", radius_m, "m")
        self._send(("GEOSEARCH", "fleet", *circle, "ASC", "COUNT", str(K), "WITHDIST"))
        # *10, then for each vehicle *2, $n, number, $n, metres.
        received = self._socket.recv(65_536)
        while (lines := received.split(b"\r\n"))[0] != b"*%d" % K or len(lines) < 5 * K + 2:
            assert received.startswith(b"*%d" % K), received
            received += self._socket.recv(65_536)
        return [
            (int(no), float(metres)) for no, metres in zip(lines[3::5], lines[5::5], strict=True)
        ]

    def _send(self, words: Sequence[str]) -> None:
        told = "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
        self._socket.sendall(f"*{len(words)}\r\n{told}".encode())


@dataclass(frozen=True, slots=True)
class Round:
    """What has moved, what is then asked for, and what the oracle says."""

    moved: list[LivePosition]
    questions: Places
    truth: list[Answer]
    farthest_m: float


def _rounds(fleet: Fleet) -> Iterator[Round]:
    """Yield the fleet as it begins, then its moves."""
    moved: Sequence[int] = range(VEHICLES)
    for n in range(1 + ROUNDS):
        questions = fleet.questions() if n else []
        truth = [fleet.nearest(*place) for place in questions]
        farthest_m = max([fleet.farthest_m(), *(answer[-1][1] for answer in truth)])
        yield Round(fleet.positions(moved, n), questions, truth, farthest_m)
        moved = fleet.move()


class Spent:
    """CPU seconds of this process, of the server, and for how many of what."""

    def __init__(self) -> None:
        self.own_s, self.server_s, self.count = 0.0, 0.0, 0

    @contextmanager
    def on(self, count: int, server: Redis | None = None) -> Iterator[None]:
        """Add what the block takes, of the server too if there is one."""
        server_s = _cpu_s(server)
        own_s = time.process_time()
        yield
        self.own_s += time.process_time() - own_s
        self.server_s += _cpu_s(server) - server_s
        self.count += count

    @property
    def server_us(self) -> float:
        """Microseconds of the server for one."""
        return 1e6 * self.server_s / self.count

    @property
    def us(self) -> float:
        """Microseconds of both for one."""
        return 1e6 * self.own_s / self.count + self.server_us


def _cpu_s(server: Redis | None) -> float:
    """What the server's one thread has spent, as the kernel tells it."""
    if server is None:
        return 0.0
    told = server.info("cpu")
    return float(told["used_cpu_user_main_thread"]) + float(told["used_cpu_sys_main_thread"])


@dataclass(frozen=True, slots=True)
class Measured:
    """What either side took for moves and for questions, and how the answers compare."""

    radius_m: float
    moves: Spent
    questions: Spent
    geo_moves: Spent
    lean: Spent
    library: Spent
    same: int


def _measure(fleet: Fleet, geo: Geo, server: Redis) -> Measured:
    first, *rounds = _rounds(fleet)
    farthest_m = max(one.farthest_m for one in rounds)
    radius_m = f"{_LARGER_EARTH * farthest_m + _GEOHASH_M:.2f}"
    index = LiveIndex()
    _put(index, first.moved)
    geo.put(first.moved)
    moves, questions, geo_moves, lean, library = (Spent() for _ in range(5))
    same = 0
    for one in rounds:
        answers: list[Answer] = []
        for moved in _parts(one.moved, 1000):
            with moves.on(len(moved)):
                _put(index, moved)
            with geo_moves.on(len(moved), server):
                geo.put(moved)
        # By turns: what else runs on the machine disturbs both alike.
        for places in _parts(one.questions, 100):
            with questions.on(len(places)):
                ours = [index.nearest(lat, lon, K) for lat, lon in places]
            with lean.on(len(places), server):
                theirs = [geo.nearest(lat, lon, radius_m) for lat, lon in places]
            with library.on(len(places), server):
                told = [_by_library(server, lat, lon, float(radius_m)) for lat, lon in places]
            assert told == theirs
            same += sum(map(_compare, places, ours, theirs, [index] * len(places)))
            answers += ours
        assert [[no for no, _ in answer] for answer in answers] == [
            [no for no, _ in answer] for answer in one.truth
        ]
    return Measured(float(radius_m), moves, questions, geo_moves, lean, library, same)


def _by_library(server: Redis, lat: float, lon: float, radius_m: float) -> Answer:
    answer: list[tuple[bytes, float]] = server.geosearch(  # type: ignore[assignment]
        "fleet", longitude=lon, latitude=lat, radius=radius_m, unit="m",
        sort="ASC", count=K, withdist=True,
    )  # fmt: skip
    return [(int(no), float(metres)) for no, metres in answer]


def _parts(values: list[Value], count: int) -> Iterator[list[Value]]:
    for start in range(0, len(values), count):
        yield values[start : start + count]


def _put(index: LiveIndex, positions: Sequence[LivePosition]) -> None:
    for position in positions:
        assert index.put(position)


def _compare(place: tuple[float, float], ours: Answer, theirs: Answer, index: LiveIndex) -> bool:
    """Return whether both say the same vehicles in the same order.

    Where they don't, the vehicles in question are as far off, but for what a geohash rounds.
    """
    for (_, metres), (no, told_m) in zip(ours, theirs, strict=True):
        position = index.get(no)
        assert position is not None
        exact_m = distance_m(*place, position.lat, position.lon)
        assert abs(exact_m - metres) <= 2 * _GEOHASH_M
        assert abs(told_m / _LARGER_EARTH - exact_m) <= 2 * _GEOHASH_M
    return [no for no, _ in ours] == [no for no, _ in theirs]


def _figures(name: str, measured: Measured) -> list[Figure]:
    ours_us, server_us = measured.questions.us, measured.lean.server_us
    lean_us, library_us = measured.lean.us, measured.library.us
    alike = 100 * measured.same / measured.questions.count
    return [
        Figure(f"{name}: radius that yields {K} everywhere", measured.radius_m, "m"),
        Figure(f"{name}: a question to the index", ours_us, "µs CPU"),
        Figure(f"{name}: GEOSEARCH, server alone", server_us, "µs CPU"),
        Figure(f"{name}: GEOSEARCH with the least client", lean_us, "µs CPU"),
        Figure(f"{name}: GEOSEARCH with redis-py", library_us, "µs CPU"),
        Figure(f"{name}: server alone : index", server_us / ours_us, "×"),
        Figure(
            f"{name}: with the least client : index", lean_us / ours_us, "×", at_least=_AT_LEAST
        ),
        Figure(f"{name}: with redis-py : index", library_us / ours_us, "×"),
        Figure(f"{name}: a move in the index", measured.moves.us, "µs CPU"),
        Figure(f"{name}: a move by GEOADD, least client", measured.geo_moves.us, "µs CPU"),
        Figure(f"{name}: answers alike to the last vehicle", alike, "%"),
    ]
