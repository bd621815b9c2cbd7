"""What Locust tells becomes what people had to wait; what watchers see becomes an age."""

from datetime import UTC, datetime, timedelta

from loadtests.ages import Shown, age_ms, plate_of
from loadtests.people import FEED, Experience, experience, lines, percentile
from loadtests.swarm.journey import journey
from loadtests.swarm.pace import Pace

DUE = datetime(2026, 3, 2, 8, 0, 1, 437_000, tzinfo=UTC)


def entry(method: str, times: dict[str, int], failures: int = 0) -> dict[str, object]:
    """An entry as Locust writes it."""
    return {
        "method": method,
        "name": "somewhere",
        "num_requests": sum(times.values()),
        "num_failures": failures,
        "response_times": times,
    }


def test_the_live_feed_is_told_apart_from_requests() -> None:
    told = experience(
        [
            entry("GET", {"10": 90, "200.0": 8}, failures=2),
            entry("POST", {"10": 1, "900": 1}),
            entry(FEED, {"150": 98, "450": 2}, failures=1),
        ]
    )
    assert told == Experience(
        requests=100, failures=3, p50_ms=10, p95_ms=200,
        updates=100, freshness_p50_ms=150, freshness_p99_ms=450,
    )  # fmt: skip


def test_each_kind_of_request_has_its_line() -> None:
    (line,) = lines([entry("GET", {"10": 90, "200.0": 10})])
    assert line.split() == ["100", "10", "200", "ms", "GET", "somewhere"]


def test_nobody_has_waited_who_asked_for_nothing() -> None:
    assert percentile({}, 0.99) == 0.0
    assert experience([]).requests == 0


def test_the_age_of_a_position_is_told_to_the_thousandth_of_a_second() -> None:
    (report,) = journey(1, [DUE], alarm_every=0).reports
    assert report.time is not None
    shown = Shown(
        plate=plate_of(1, tunnelled=False),
        time=report.time.isoformat(),
        speed_kmh=report.speed_kmh,
    )
    seen = DUE + timedelta(milliseconds=321)
    age = age_ms(shown, seen.timestamp())
    assert age is not None
    assert round(age) == 321


def test_vehicles_whose_positions_may_be_old_by_nature_tell_no_age() -> None:
    plates = [plate_of(7, tunnelled=True), "示A10001"]
    for plate in plates:
        shown = Shown(plate=plate, time=DUE.isoformat(), speed_kmh=0.0)
        assert age_ms(shown, DUE.timestamp()) is None


def test_the_terminals_that_go_through_a_tunnel_are_of_both_kinds() -> None:
    pace = Pace(links=30, per_s=30, seconds=10, alarm_storing_every=2, tunnel_every=7)
    assert [terminal for _, terminal in pace.tunnels(range(30))] == [0, 7, 14, 21, 28]
    assert {terminal % pace.alarm_storing_every for _, terminal in pace.tunnels(range(30))} == {
        0,
        1,
    }
