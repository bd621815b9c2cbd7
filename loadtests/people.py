"""People under load: Locust in a process of its own, beside the swarm."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
_FILES = ("locustfile.py", "watchers.py")
FEED = "FEED"
"""The kind of Locust's entries that are no requests, but updates of the live feed."""


@dataclass(frozen=True, slots=True)
class Crew:
    """How many people there are: `users` work through the API, `watchers` watch the live map."""

    users: int
    watchers: int


@dataclass(frozen=True, slots=True)
class Experience:
    """What people had to wait; times in milliseconds.

    updates: messages of the live feed; its freshness is the age of the oldest position in each
    """

    requests: int
    failures: int
    p50_ms: float
    p95_ms: float
    updates: int
    freshness_p50_ms: float
    freshness_p99_ms: float


class NobodyCame(RuntimeError):
    """Locust ended without telling anything; its own lines above say why."""


def work(base_url: str, crew: Crew, seconds: float, folder: Path) -> Experience:
    """Let people work for so long; return what they had to wait. Raises NobodyCame."""
    settings = {"GONGCHE_LOAD_WATCHERS": str(crew.watchers)}
    come = Coming(crew.users + crew.watchers, 10.0, seconds)
    return experience(locust(_FILES, base_url, come, folder, settings))


@dataclass(frozen=True, slots=True)
class Coming:
    """How many people come, how many of them a second, and for how long all of it lasts."""

    users: int
    a_second: float
    seconds: float


Entry = dict[str, object]


def locust(
    files: Sequence[str],
    base_url: str,
    come: Coming,
    folder: Path,
    settings: Mapping[str, str],
) -> list[Entry]:
    """Let the people of these files of `loadtests` work; return what Locust tells of each request.

    settings: further environment of the process
    Raises NobodyCame.
    """
    told = folder / "people.json"
    argv = [
        *(sys.executable, "-m", "locust", "--headless", "--only-summary", "--loglevel", "WARNING"),
        *("-f", ",".join(str(_HERE / name) for name in files), "--host", base_url),
        *("--users", str(come.users), "--spawn-rate", str(come.a_second)),
        *("--run-time", f"{round(come.seconds)}s", "--json-file", str(folder / "people")),
    ]
    subprocess.run(argv, env={**os.environ, **settings}, stdout=sys.stderr, check=False)
    if not told.exists():
        raise NobodyCame
    entries: list[Entry] = json.loads(told.read_text(encoding="utf-8"))
    sys.stderr.write("\n".join(lines(entries)) + "\n")
    return entries


def lines(entries: list[Entry]) -> list[str]:
    """Return a line for each kind of request: how often, p50 and p95 in milliseconds."""
    return [
        f"  {_sum([entry], 'num_requests'):>6} {percentile(times, 0.5):>7.0f}"
        f" {percentile(times, 0.95):>7.0f} ms  {entry['method']} {entry['name']}"
        for entry in entries
        for times in (times_of([entry]),)
    ]


def experience(entries: list[Entry]) -> Experience:
    """Return what Locust's entries tell: requests apart from the live feed."""
    feed = [entry for entry in entries if entry["method"] == FEED]
    requests = [entry for entry in entries if entry["method"] != FEED]
    waits, ages = times_of(requests), times_of(feed)
    return Experience(
        requests=_sum(requests, "num_requests"),
        failures=_sum(entries, "num_failures"),
        p50_ms=percentile(waits, 0.50),
        p95_ms=percentile(waits, 0.95),
        updates=_sum(feed, "num_requests"),
        freshness_p50_ms=percentile(ages, 0.50),
        freshness_p99_ms=percentile(ages, 0.99),
    )


def percentile(times: dict[float, int], share: float) -> float:
    """Return the time that no more than `1 - share` of all exceed; times with how often each."""
    left = share * sum(times.values())
    for time in sorted(times):
        left -= times[time]
        if left <= 0:
            return time
    return 0.0


def times_of(entries: list[Entry]) -> dict[float, int]:
    """Return how often each time came, in milliseconds as Locust rounds them."""
    added: dict[float, int] = {}
    for entry in entries:
        times = entry["response_times"]
        assert isinstance(times, dict)
        for time, count in times.items():
            added[float(time)] = added.get(float(time), 0) + int(count)
    return added


def _sum(entries: list[Entry], name: str) -> int:
    return sum(int(str(entry[name])) for entry in entries)
