"""How soon a dispatcher is shown the right vehicles, among 5,000 that report, over HTTP.

An invented city's 5,000 vehicles with a terminal each, as many drivers with shifts and orders of
the day behind them. A request is asked and approved over HTTP before; what is measured is
`POST /requests/{id}/suggestions`, to the last byte of its answer: by one client at a time, from an
API process that follows the fleet. The server's processor time of the same answers is told beside
it. What is compared asks PostgreSQL for the 25 nearest vehicles, and knows neither drivers, rules
nor reasons.
"""

import random
import statistics
import time
from collections.abc import Iterator

import httpx

from loadtests.city import (
    APPLICANT,
    APPROVER,
    DISPATCHER,
    MIDDLE,
    PASSWORD,
    SEED,
    SPREAD_DEG,
    fill,
    wish,
)
from loadtests.measuring import Figure, Place, connect
from loadtests.processes import await_rest, tree_cpu_s
from loadtests.serving import logged_in, serving

TIMES = 100
P95_MS = 200.0

_NEAREST = """
    SELECT v.id, v.plate,
           sqrt(power(p.latitude - %(latitude)s, 2)
                + power((p.longitude - %(longitude)s) * cos(radians(%(latitude)s)), 2)) AS away
    FROM vehicle v
    JOIN vehicle_terminal t ON t.vehicle_no = v.no AND t.is_primary AND t.period @> now()
    CROSS JOIN LATERAL (
        SELECT latitude, longitude FROM positions_once o
        WHERE o.terminal_no = t.terminal_no AND o.time > now() - interval '15 minutes'
          AND o.time <= now() AND o.reasons & 7 = 0
        ORDER BY o.time DESC LIMIT 1
    ) p
    ORDER BY away LIMIT 25
"""


def run(place: Place) -> list[Figure]:
    """Fill a city, ask a hundred times, and ask PostgreSQL for the nearest beside it."""
    url = place.fresh_database()
    fill(url)
    with serving(url, {"GONGCHE_DATA_DIR": str(place.folder / "data")}) as (base_url, pid):
        await_rest(pid)
        with logged_in(base_url, DISPATCHER, PASSWORD) as dispatcher:
            approved = list(_approved(base_url))
            times_ms, cpu_ms, kilobytes = _suggest(dispatcher, approved, pid)
    nearest_ms = _nearest(url)
    return [
        Figure("request → suggestion, p50", statistics.median(times_ms), "ms"),
        Figure("request → suggestion, p95", _p95(times_ms), "ms", at_most=P95_MS),
        Figure("the API's processor time a suggestion", cpu_ms, "ms"),
        Figure("size of an answer", kilobytes, "kB"),
        Figure("nearest 25 by PostgreSQL alone, p50", statistics.median(nearest_ms), "ms"),
        Figure("nearest 25 by PostgreSQL alone, p95", _p95(nearest_ms), "ms"),
    ]


def _p95(times_ms: list[float]) -> float:
    return statistics.quantiles(times_ms, n=20)[-1]


def _approved(base_url: str) -> Iterator[str]:
    """Yield the ids of requests that await dispatch, all over the city."""
    chance = random.Random(SEED)
    with (
        logged_in(base_url, APPLICANT, PASSWORD) as applicant,
        logged_in(base_url, APPROVER, PASSWORD) as approver,
    ):
        for _ in range(TIMES):
            asked = applicant.post("/requests", json=wish(chance)).raise_for_status().json()
            body = {"revision": asked["revision"]}
            approver.post(f"/requests/{asked['id']}/approve", json=body).raise_for_status()
            yield asked["id"]


def _suggest(
    dispatcher: httpx.Client, approved: list[str], pid: int
) -> tuple[list[float], float, float]:
    """Return milliseconds of each answer, processor milliseconds of one, kilobytes of one."""
    for request_id in approved[:3]:  # the first ones open connections and fill caches
        dispatcher.post(f"/requests/{request_id}/suggestions").raise_for_status()
    times_ms, size = [], 0
    cpu_s = tree_cpu_s(pid)
    for request_id in approved:
        begin = time.perf_counter()
        answer = dispatcher.post(f"/requests/{request_id}/suggestions").raise_for_status()
        times_ms.append(1000 * (time.perf_counter() - begin))
        size += len(answer.content)
        assert answer.json()["candidates"], "nobody was suggested"
    cpu_ms = 1000 * (tree_cpu_s(pid) - cpu_s) / len(approved)
    return times_ms, cpu_ms, size / len(approved) / 1000


def _nearest(url: str) -> list[float]:
    chance = random.Random(SEED)
    times_ms = []
    with connect(url) as connection:
        for _ in range(TIMES):
            told = {
                "latitude": MIDDLE[0] + chance.uniform(-SPREAD_DEG, SPREAD_DEG),
                "longitude": MIDDLE[1] + chance.uniform(-SPREAD_DEG, SPREAD_DEG),
            }
            begin = time.perf_counter()
            found = connection.execute(_NEAREST, told).fetchall()
            times_ms.append(1000 * (time.perf_counter() - begin))
            assert len(found) == 25, "fewer are near than asked for"
    return times_ms
