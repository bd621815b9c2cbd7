"""People under load: Locust in a process of its own, beside the swarm."""

import json
import os
import subprocess
import sys
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
    told = folder / "people.json"
    argv = [
        *(sys.executable, "-m", "locust", "--headless", "--only-summary", "--loglevel", "WARNING"),
        *("-f", ",".join(str(_HERE / name) for name in _FILES), "--host", base_url),
        *("--users", str(crew.users + crew.watchers), "--spawn-rate", "10"),
        *("--run-time", f"{round(seconds)}s", "--json-file", str(folder / "people")),
    ]
    ours = {"GONGCHE_LOAD_WATCHERS": str(crew.watchers)}
    subprocess.run(argv, env={**os.environ, **ours}, stdout=sys.stderr, check=False)
    if not told.exists():
        raise NobodyCame
    entries: list[Entry] = json.loads(told.read_text(encoding="utf-8"))
    sys.stderr.write("\n".join(lines(entries)) + "\n")
    return experience(entries)


Entry = dict[str, object]


def lines(entries: list[Entry]) -> list[str]:
    """Return a line for each kind of request: how often, p50 and p95 in milliseconds."""
    return [
        f"  {_sum([entry], 'num_requests'):>6} {percentile(times, 0.5):>7.0f}"
        f" {percentile(times, 0.95):>7.0f} ms  {entry['method']} {entry['name']}"
        for entry in entries
        for times in (_times([entry]),)
    ]


def experience(entries: list[Entry]) -> Experience:
    """Return what Locust's entries tell: requests apart from the live feed."""
    feed = [entry for entry in entries if entry["method"] == FEED]
    requests = [entry for entry in entries if entry["method"] != FEED]
    waits, ages = _times(requests), _times(feed)
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


def _times(entries: list[Entry]) -> dict[float, int]:
    added: dict[float, int] = {}
    for entry in entries:
        times = entry["response_times"]
        assert isinstance(times, dict)
        for time, count in times.items():
            added[float(time)] = added.get(float(time), 0) + int(count)
    return added


def _sum(entries: list[Entry], name: str) -> int:
    return sum(int(str(entry[name])) for entry in entries)
