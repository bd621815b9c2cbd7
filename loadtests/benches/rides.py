"""Rides from the request to the order, among 5,000 vehicles: does anybody wait over a second?

Through HTTP and by Locust (`loadtests/rides.py`), at a steady pace: of the requests to the API a
quarter ask, a quarter approve, a quarter want a suggestion, and a quarter assign one of it.
"""

import os
from collections import Counter

from loadtests.city import fill, let_ask_everywhere
from loadtests.measuring import Figure, Place
from loadtests.people import Coming, Entry, locust, percentile, times_of
from loadtests.processes import await_rest, tree_cpu_s
from loadtests.ride_steps import EVERY_S, STEPS
from loadtests.serving import serving

A_MINUTE = int(os.environ.get("GONGCHE_BENCH_REQUESTS_A_MINUTE", "500"))
LONGEST_MS = 1000.0
_LASTS_S = 75.0
_RIDERS = 25


def run(place: Place) -> list[Figure]:
    """Fill a city, and let rides begin one after another."""
    url = place.fresh_database()
    fill(url)
    let_ask_everywhere(url)
    every_s = 60 * _RIDERS * len(STEPS) / A_MINUTE
    come = Coming(_RIDERS, _RIDERS / every_s, _LASTS_S)
    with serving(url, {"GONGCHE_DATA_DIR": str(place.folder / "data")}) as (base_url, pid):
        await_rest(pid)
        cpu_s = tree_cpu_s(pid)
        told = locust(["rides.py"], base_url, come, place.folder, {EVERY_S: str(every_s)})
        cpu_s = tree_cpu_s(pid) - cpu_s
    steps = {step: [one for one in told if one["name"] == step] for step in STEPS}
    everything = [one for of_step in steps.values() for one in of_step]
    return [
        Figure("requests a minute", _a_minute(everything, every_s), "", at_least=0.95 * A_MINUTE),
        Figure("failures", sum(int(str(one["num_failures"])) for one in told), "", at_most=0),
        Figure("longest wait", _longest_ms(everything), "ms", at_most=LONGEST_MS),
        Figure("wait, p95", percentile(times_of(everything), 0.95), "ms"),
        *(
            Figure(f"{step}, p95", percentile(times_of(entries), 0.95), "ms")
            for step, entries in steps.items()
        ),
        Figure("assignments answered, taken ones too", sum(times_of(steps["assign"]).values()), ""),
        Figure("the API's processor time", 100 * cpu_s / _LASTS_S, "% of a core"),
    ]


def _longest_ms(entries: list[Entry]) -> float:
    return max((float(str(one["max_response_time"])) for one in entries), default=0.0)


def _a_minute(entries: list[Entry], after_s: float) -> float:
    """Return how many requests were answered a minute, once everybody had come."""
    answered: Counter[int] = Counter()
    for entry in entries:
        by_second = entry["num_reqs_per_sec"]
        assert isinstance(by_second, dict)
        answered.update({int(second): int(count) for second, count in by_second.items()})
    if not answered:
        return 0.0
    begin, end = min(answered) + round(after_s), max(answered)  # the last second isn't a whole one
    of_those = sum(count for second, count in answered.items() if begin <= second < end)
    return 60 * of_those / max(1, end - begin)
