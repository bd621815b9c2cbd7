"""`gongche doctor` beside a running system, before one, and where a stranger holds a port."""

import contextlib
import socket
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from gateway.cli.commands import app
from tests.support.system import free_port, running_system
from tests.support.upped import environment

_OF_THE_MACHINE = ("Open files", "Free disk")


def consult(told: Mapping[str, str]) -> tuple[int, list[str]]:
    """Run the doctor; return its exit status and its lines, without those on the machine's size.

    They may fail on a small machine; the status is then what it would be without them.
    """
    end = CliRunner().invoke(app, ["doctor"], env=dict(told))
    lines = end.output.splitlines()
    assert lines, end.exception
    assert all(line.startswith(("ok   ", "FAIL ")) for line in lines)
    assert end.exit_code == int(any(line.startswith("FAIL") for line in lines))
    kept = [line for line in lines if not line[5:].startswith(_OF_THE_MACHINE)]
    return int(any(line.startswith("FAIL") for line in kept)), kept


@contextlib.contextmanager
def stranger() -> Iterator[int]:
    """Yield a port at which somebody listens who never answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_before_the_first_start_the_ports_are_free(tmp_path: Path) -> None:
    told = environment(tmp_path)
    status, lines = consult(told)
    assert status == 0
    assert f"ok   Port {told['GONGCHE_HTTP_PORT']} (HTTP) is free." in lines


def test_beside_a_running_system_all_is_well(database_url: str, redis_url: str) -> None:
    settings = {"GONGCHE_GATEWAY_METRICS_PORT": str(free_port())}
    with running_system(
        database_url, redis_url, processes=("gateway", "api"), settings=settings
    ) as system:
        status, lines = consult(system.environment)
    assert status == 0, lines
    taken = [line for line in lines if "is taken, and Gongche is running" in line]
    assert len(taken) == 3
    assert "ok   The database answers." in lines
    assert "ok   The bus answers." in lines


@pytest.mark.parametrize("setting", ["GONGCHE_HTTP_PORT", "GONGCHE_JT808_PORT"])
def test_a_stranger_at_a_port_fails(
    setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.cli.doctor.HEALTH_PATIENCE_S", 0.5)
    with stranger() as port:
        status, lines = consult({**environment(tmp_path), setting: str(port)})
    assert status == 1
    (failed,) = [line for line in lines if line.startswith("FAIL")]
    assert f"Port {port} on 127.0.0.1 is taken by another program" in failed


def test_another_web_server_is_not_taken_for_gongche(tmp_path: Path) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"status": "ok"}')

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Other) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        told = {**environment(tmp_path), "GONGCHE_HTTP_PORT": str(server.server_port)}
        status, lines = consult(told)
        server.shutdown()
        thread.join()
    assert status == 1, lines
