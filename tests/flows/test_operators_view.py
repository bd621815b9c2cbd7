"""What an operator sees of a running system: metrics, dashboard, alerts, health and logs agree."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import psycopg
import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML
from websockets.sync.client import connect

from kit.clock import utc_now
from kit.database import plain_url
from kit.servers import EmbeddedValkey
from tests.support.system import ROOT, Caller, RunningSystem, free_port, running_system
from tests.support.terminals import TerminalOnWire, drive
from tests.support.waiting import eventually
from tests.support.world import PASSWORD, World

pytestmark = pytest.mark.flow

PROCESSES = ("gateway", "worker", "api")
DASHBOARD = ROOT / "deploy" / "grafana" / "gongche.json"
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
SCRAPED = ROOT / "deploy" / "prometheus" / "prometheus.yml"
OPERATIONS = ROOT / "docs" / "operations.md"

_NAME = re.compile(r"\b(?:gongche|process)_[a-z0-9_]+\b")
_OF_PROMETHEUS = {"up"}


@dataclass(frozen=True)
class Watched:
    """A running system, and where each of its processes tells its metrics."""

    system: RunningSystem
    database_url: str
    urls: dict[str, str]

    def told(self, process: str) -> dict[str, Metric]:
        """Return what a process tells, by name as it stands in an expression."""
        answer = httpx.get(self.urls[process], timeout=10)
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.text)
        return {f"{one.name}{'_total' * (one.type == 'counter')}": one for one in families}

    def value(self, process: str, sample: str) -> float:
        """Return the sum of the samples of this name."""
        samples = [s for one in self.told(process).values() for s in one.samples]
        return sum(s.value for s in samples if s.name == sample)


@pytest.fixture(scope="module")
def watched(seeded_database: tuple[str, World], valkey_server: EmbeddedValkey) -> Iterator[Watched]:
    """A system whose every process tells its metrics, and logs all that it ever does."""
    ports = {"gateway": free_port(), "worker": free_port()}
    settings = {
        "GONGCHE_GATEWAY_METRICS_PORT": str(ports["gateway"]),
        "GONGCHE_WORKER_METRICS_PORT": str(ports["worker"]),
        "GONGCHE_LOG_LEVEL": "DEBUG",
    }
    url = seeded_database[0]
    with running_system(url, valkey_server.url(), settings=settings) as system:
        urls = {name: f"http://127.0.0.1:{port}/metrics" for name, port in ports.items()}
        yield Watched(system, url, {**urls, "api": f"{system.base_url}/metrics"})


@pytest.fixture(scope="module")
def exposed(watched: Watched) -> dict[str, dict[str, Metric]]:
    """What each process tells, by process and name."""
    return {process: watched.told(process) for process in PROCESSES}


def test_every_metric_stands_in_the_table_of_the_operations_page(
    exposed: dict[str, dict[str, Metric]],
) -> None:
    rows = {}
    for process, metrics in exposed.items():
        for name, metric in metrics.items():
            if name.startswith("gongche_"):
                rows.setdefault(name, (metric, []))[1].append(process)
    expected = [
        f"| `{name}` | {metric.type} | {', '.join(processes)} | {metric.documentation} |"
        for name, (metric, processes) in rows.items()
    ]
    text = OPERATIONS.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("| `gongche_")] == expected


@pytest.mark.parametrize("file", [DASHBOARD, ALERTS], ids=lambda path: path.name)
def test_what_is_shown_or_alerted_is_exposed_and_in_its_proper_form(
    exposed: dict[str, dict[str, Metric]], file: Path
) -> None:
    told = {name: metric for metrics in exposed.values() for name, metric in metrics.items()}
    forms = {
        f"{name}{suffix}"
        for name, metric in told.items()
        for suffix in (("_bucket", "_sum", "_count") if metric.type == "histogram" else ("",))
    }
    used = {name for expression in _expressions(file) for name in _NAME.findall(expression)}
    assert len(used) > 20
    assert used - forms - _OF_PROMETHEUS == set()


def test_the_dashboard_shows_and_the_alerts_watch_every_stage(
    exposed: dict[str, dict[str, Metric]],
) -> None:
    ours = {n for metrics in exposed.values() for n in metrics if n.startswith("gongche_")}
    shown = {name for text in _expressions(DASHBOARD) for name in _NAME.findall(text)}
    assert ours - shown - {name.removesuffix("_bucket") for name in shown} == set()
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    assert [p["title"] for p in panels if " · " not in p["title"]] == []
    assert len({p["id"] for p in panels}) == len(panels)


def test_every_alert_says_when_how_bad_and_in_both_languages_what() -> None:
    rules = _rules()
    assert len({rule["alert"] for rule in rules}) == len(rules) > 15
    for rule in rules:
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert re.fullmatch(r"\d+[smh]", rule["for"])
        assert re.fullmatch(r"[^·]*[\u4e00-\u9fff][^·]* · [^·]+", rule["annotations"]["summary"])
        assert f"`{rule['alert']}`" in OPERATIONS.read_text(encoding="utf-8")


def test_prometheus_is_told_of_every_process() -> None:
    told = YAML(typ="safe").load(SCRAPED)
    assert {one["job_name"] for one in told["scrape_configs"]} == {
        f"gongche-{process}" for process in PROCESSES
    }
    assert [(SCRAPED.parent / name).is_file() for name in told["rule_files"]] == [True]


def test_a_drive_is_followed_from_the_bytes_to_the_trip_by_figures_and_by_log_lines(
    watched: Watched, world: World
) -> None:
    vehicle, terminal = world.vehicles["b1"], world.terminals["b1"]
    base = world.bases["b"]
    positions = drive(utc_now() - timedelta(hours=2), base.latitude, base.longitude)
    with TerminalOnWire(watched.system.jt808_port, terminal.phone) as link:
        link.log_in()
        link.report_batch(positions)
        assert watched.value("gateway", "gongche_links") == 1
    count = len(positions)
    for name in ("gongche_positions_acknowledged_total", "gongche_positions_stored_total"):
        assert watched.value("gateway", name) == count
    assert watched.value("gateway", "gongche_batch_positions_sum") == count
    # Registration, authentication, and messages of twelve positions.
    frames = 2 + -(-count // 12)
    assert watched.value("gateway", "gongche_frames_received_total") == frames
    assert watched.value("gateway", "gongche_received_bytes_total") > count * 28
    assert watched.value("gateway", "gongche_acknowledgement_seconds_count") >= 1
    assert watched.value("gateway", "gongche_commit_seconds_count") >= 1
    eventually(lambda: watched.value("gateway", "gongche_hints_total") >= 1)
    eventually(lambda: watched.value("worker", "gongche_trips_ended_total") == 1, 60)
    # A step that reads a vehicle anew may find its positions before it comes to their batch.
    eventually(lambda: watched.value("worker", "gongche_worker_batches_total") >= 1)

    batches = _batches_of(watched.database_url, terminal.no)
    committed = [
        line["batch"]
        for line in _lines(watched.system, "gateway")
        if line["message"] == "a batch is committed"
    ]
    assert set(batches) <= set(committed)
    followed = [
        line
        for line in _lines(watched.system, "worker")
        if line["message"] == "batches are followed" and vehicle.no in line["vehicle_nos"]
    ]
    assert any(_holds(line["batches"], batches) for line in followed)
    _nothing_personal_is_logged(watched, world, link.protocol.token)


def _nothing_personal_is_logged(watched: Watched, world: World, terminal_token: str) -> None:
    caller = Caller(watched.system.base_url, "supervisor", PASSWORD).sitting()
    vehicle = world.vehicles["b1"]
    start = (utc_now() - timedelta(hours=3)).isoformat()
    caller.get("/positions", vehicle_id=vehicle.id, start=start, end=utc_now().isoformat())
    wrong = {"username": "supervisor", "password": "not the right secret"}
    httpx.post(f"{watched.system.base_url}/api/v1/session", json=wrong)
    written = "".join(watched.system.log(process) for process in PROCESSES)
    base = world.bases["b"]
    personal = [
        *(PASSWORD, wrong["password"], caller.token, terminal_token),
        *(f"{base.latitude:.3f}", f"{base.longitude:.3f}", vehicle.plate),
    ]
    assert [one for one in personal if one in written] == []


def test_the_live_feed_tells_its_clients_and_what_is_sent_to_them(watched: Watched) -> None:
    token = Caller(watched.system.base_url, "dispatcher", PASSWORD).token
    with connect(f"ws://127.0.0.1:{watched.system.http_port}/ws/live") as socket:
        socket.send(json.dumps({"token": token}))
        snapshot = socket.recv(timeout=30)
        assert watched.value("api", "gongche_live_clients") == 1
        assert watched.value("api", "gongche_live_messages_total") >= 1
        assert watched.value("api", "gongche_live_sent_bytes_total") >= len(snapshot)
    eventually(lambda: watched.value("api", "gongche_live_clients") == 0)
    assert watched.value("api", "gongche_live_tick_seconds_count") >= 1
    # Where nobody had told anything yet, there would be no sample.
    assert len(watched.told("api")["gongche_live_behind_seconds"].samples) == 1


def test_health_of_a_whole_system_lacks_only_the_map(watched: Watched) -> None:
    def reasons() -> list[str]:
        body = httpx.get(f"{watched.system.base_url}/health", timeout=10).json()
        return [one["reason"] for one in body["reasons"] if one["reason"] != "disk_low"]

    eventually(lambda: reasons() == ["map_absent"])
    degraded = watched.told("api")["gongche_degraded"].samples
    assert {s.labels["reason"]: s.value for s in degraded}["map_absent"] == 1


def _expressions(file: Path) -> list[str]:
    if file == ALERTS:
        return [rule["expr"] for rule in _rules()]
    panels = json.loads(file.read_text(encoding="utf-8"))["panels"]
    return [target["expr"] for panel in panels for target in panel.get("targets", ())]


def _rules() -> list[dict[str, object]]:
    groups = YAML(typ="safe").load(ALERTS)["groups"]
    return [rule for group in groups for rule in group["rules"]]


def _lines(system: RunningSystem, process: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in system.log(process).splitlines()]


def _batches_of(url: str, terminal_no: int) -> list[str]:
    with psycopg.connect(plain_url(url)) as connection:
        rows = connection.execute(
            "SELECT writer_no, n FROM position_batch WHERE %s = ANY(terminal_nos)", (terminal_no,)
        )
        return [f"{writer_no}/{n}" for writer_no, n in rows]


def _holds(told: list[str], batches: list[str]) -> bool:
    """Whether ranges such as 3/1-7 hold one of these batches."""
    for one in told:
        writer, _, numbers = one.partition("/")
        first, _, last = numbers.partition("-")
        held = {f"{writer}/{n}" for n in range(int(first), int(last or first) + 1)}
        if held & set(batches):
            return True
    return False
