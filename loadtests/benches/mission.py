"""A mission of 400 vehicles among 5,000: planned, and its slips issued, over HTTP.

The city of the suggestion bench. A mission of 380 vehicles and 20 standbys begins tomorrow; it is
written, approved once, planned (each vehicle and driver by all rules, at the least cost), and its
slips are issued by 50 a transaction. What is compared plans as dispatchers would without missions:
a suggestion for each of some rides, one after the other, told as the time for 400 of them.
"""

import statistics
import time
from datetime import timedelta

import httpx

from kit.clock import utc_now
from loadtests.city import APPLICANT, APPROVER, DISPATCHER, MIDDLE, PASSWORD, fill
from loadtests.measuring import Figure, Place
from loadtests.processes import await_rest
from loadtests.serving import logged_in, serving

VEHICLES, STANDBYS = 380, 20
PLANNED_S = 10.0
_SUGGESTED = 20


def run(place: Place) -> list[Figure]:
    """Fill a city and move four hundred of its vehicles as one."""
    url = place.fresh_database()
    fill(url)
    with serving(url, {"GONGCHE_DATA_DIR": str(place.folder / "data")}) as (base_url, pid):
        await_rest(pid)
        with (
            logged_in(base_url, APPLICANT, PASSWORD) as liaison,
            logged_in(base_url, APPROVER, PASSWORD) as approver,
            logged_in(base_url, DISPATCHER, PASSWORD) as dispatcher,
        ):
            written_s, mission = _timed(dispatcher, "/missions", _plan(liaison))
            path, body = f"/missions/{mission['id']}", {"revision": mission["revision"]}
            approved_s, mission = _timed(approver, f"{path}/approve", body)
            one_by_one_s = _one_by_one(dispatcher, mission)
            planned_s, mission = _timed(dispatcher, f"{path}/plan", None)
            planned = sum(ride["vehicle"] is not None for ride in mission["rides"])
            slips_s = _slips(dispatcher, path)
            begin = time.perf_counter()
            board = dispatcher.get(f"{path}/arrivals").raise_for_status().json()
            board_s = time.perf_counter() - begin
    assert len(board["items"]) == VEHICLES + STANDBYS
    return [
        Figure("planned, 380 vehicles and 20 standbys", planned_s, "s", at_most=PLANNED_S),
        Figure("vehicles and drivers chosen", planned, "of 400", at_least=VEHICLES + STANDBYS),
        Figure("one suggestion after the other, for 400", one_by_one_s, "s"),
        Figure("one after the other : planned", one_by_one_s / planned_s, "×"),
        Figure("written", written_s, "s"),
        Figure("approved, a request made of each", approved_s, "s"),
        Figure("slips, all 400", sum(slips_s), "s"),
        Figure("slips, 50 in one transaction, the slowest", max(slips_s), "s"),
        Figure("board of arrivals", board_s, "s"),
    ]


def _plan(liaison: httpx.Client) -> dict[str, object]:
    known = liaison.get("/session").raise_for_status().json()
    start = utc_now() + timedelta(hours=20)
    return {
        "organisation_id": known["roles"][0]["organisation"]["id"],
        "kind": "conference",
        "title": "大型会议",
        "plan": "分批集结，按号牌编队",
        "gather_at": start.isoformat(),
        "start": (start + timedelta(hours=1)).isoformat(),
        "end": (start + timedelta(hours=9)).isoformat(),
        "assembly": {"name": "会展中心", "latitude": MIDDLE[0], "longitude": MIDDLE[1]},
        "liaison_id": known["person"]["id"],
        "rides": [
            {"count": VEHICLES, "passengers": 2},
            {"count": STANDBYS, "passengers": 2, "standby": True},
        ],
    }


def _timed(client: httpx.Client, path: str, body: object) -> tuple[float, dict[str, list]]:  # type: ignore[type-arg]
    begin = time.perf_counter()
    answer = client.post(path, json=body, timeout=120)
    spent_s = time.perf_counter() - begin
    assert answer.is_success, answer.text
    return spent_s, answer.json()


def _one_by_one(dispatcher: httpx.Client, mission: dict[str, list]) -> float:  # type: ignore[type-arg]
    """Return how long suggestions for all rides would take, by the median of some."""
    times_s = []
    for ride in mission["rides"][:_SUGGESTED]:
        begin = time.perf_counter()
        dispatcher.post(f"/requests/{ride['request_id']}/suggestions").raise_for_status()
        times_s.append(time.perf_counter() - begin)
    return statistics.median(times_s) * (VEHICLES + STANDBYS)


def _slips(dispatcher: httpx.Client, path: str) -> list[float]:
    """Issue all slips; return the seconds of each transaction."""
    times_s, left = [], 1
    while left:
        spent_s, answer = _timed(dispatcher, f"{path}/slips", {"reason": "会议保障"})
        assert answer["refused"] == [], answer["refused"]
        left = int(str(answer["left"]))
        times_s.append(spent_s)
    return times_s
