"""How fast the register's lists page over HTTP, in an invented province of 60,000 vehicles.

Asked by somebody of the whole province and by somebody of one county: the scope is worked out and
applied in every request, as in life. One client at a time; a request's time ends when its answer
has been read.
"""

import asyncio
import statistics
import time
from dataclasses import dataclass

import httpx
from sqlalchemy import text

import fleet.tables  # noqa: F401  (every table that others refer to)
from demo.province import Province, draw
from demo.province.writing import write_province
from fleet.acts import Act
from fleet.identity.passwords import hash_password
from kit.clock import utc_now
from kit.database import open_engine, open_sessions, transaction
from kit.paging import encode_cursor
from loadtests.measuring import Figure, Place
from loadtests.processes import await_rest
from loadtests.serving import logged_in, serving

PASSWORD = "bench-only-password"  # noqa: S105  (exists only in the bench's own database)
ACTORS = {"province": "province-fleet_manager", "county": "county-fleet_manager"}
PAGE_MS = 100.0
TIMES = 30
_NOBODY = "00000000-0000-0000-0000-000000000000"
LISTS: dict[str, dict[str, str]] = {
    "vehicles": {},
    "vehicles, far down": {"cursor": encode_cursor(("示H02000", _NOBODY))},
    "vehicles, part of a plate": {"q": "B01"},
    "vehicles, part of a model": {"q": "越野"},
    "vehicles, nothing found": {"q": "无此车"},
    "vehicles, of the pool": {"holding": "pool"},
    "organisations": {},
    "organisations, part of a name": {"q": "水务"},
    "people": {},
    "drivers": {},
    "terminals": {},
}


@dataclass(frozen=True, slots=True)
class Paged:
    """What one list took, in milliseconds."""

    who: str
    name: str
    times_ms: list[float]

    @property
    def p50(self) -> float:
        """Half of the pages came within this."""
        return statistics.median(self.times_ms)

    @property
    def p95(self) -> float:
        """Nineteen of twenty pages came within this."""
        return statistics.quantiles(self.times_ms, n=20)[-1]


def run(place: Place) -> list[Figure]:
    """Measure each list as each actor, at 100 rows a page."""
    url = place.fresh_database()
    asyncio.run(_fill(url, draw()))
    with serving(url) as (base_url, pid):
        await_rest(pid)
        paged = measure(base_url)
    return [
        figure
        for one in paged
        for figure in (
            Figure(f"{one.name}, {one.who}, p50", one.p50, "ms"),
            Figure(
                f"{one.name}, {one.who}, p95",
                one.p95,
                "ms",
                at_most=PAGE_MS if one.name in LISTS else None,
            ),
        )
    ]


def measure(base_url: str, password: str = PASSWORD) -> list[Paged]:
    """Return what each list takes at a running server that holds the province."""
    found = []
    for who, username in ACTORS.items():
        with logged_in(base_url, username, password) as client:
            found += [
                Paged(who, name, _times(client, f"/{name.partition(',')[0]}", params))
                for name, params in LISTS.items()
            ]
            found.append(Paged(who, "sums", _times(client, "/fleet/summary", {})))
    return found


def _times(client: httpx.Client, path: str, params: dict[str, str]) -> list[float]:
    times_ms = []
    for n in range(TIMES + 3):
        begin = time.perf_counter()
        client.get(path, params={"limit": "100", **params}).raise_for_status()
        if n >= 3:  # the first ones open connections and fill caches
            times_ms.append(1000 * (time.perf_counter() - begin))
    return times_ms


async def _fill(url: str, province: Province) -> None:
    engine = open_engine(url)
    password = hash_password(PASSWORD)
    hashes = {one.username: password for one in province.people if one.logs_in}
    try:
        async with transaction(open_sessions(engine)) as session:
            await write_province(session, Act(None, utc_now()), province, hashes, beside=False)
        async with engine.begin() as connection:
            await connection.execute(text("ANALYZE"))
    finally:
        await engine.dispose()
