"""The terminals' door tells its metrics on a port of its own, if it is given one."""

import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support.system import ROOT, free_port, running_system
from tests.support.upped import environment
from tests.support.waiting import eventually


def test_the_door_counts_its_links_where_prometheus_asks(database_url: str, redis_url: str) -> None:
    port = free_port()
    settings = {"GONGCHE_GATEWAY_METRICS_PORT": str(port)}

    def told(line: str) -> bool:
        answer = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=10)
        assert answer.status_code == 200
        return line in answer.text.splitlines()

    with running_system(
        database_url, redis_url, processes=("gateway",), settings=settings
    ) as system:
        eventually(lambda: told("gongche_links 0.0"))
        with socket.create_connection(("127.0.0.1", system.jt808_port), 10):
            eventually(lambda: told("gongche_links 1.0"))
        door = system.processes["gateway"]
        system.stop("gateway")
        assert door.returncode == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/metrics")


def test_a_taken_metrics_port_is_told_in_one_sentence(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        told = {
            "GONGCHE_DATABASE_URL": database_url,
            "GONGCHE_REDIS_URL": redis_url,
            "GONGCHE_GATEWAY_METRICS_PORT": str(port),
        }
        end = subprocess.run(
            [sys.executable, "-m", "gateway.cli", "gateway"],
            cwd=ROOT,
            env=environment(tmp_path, told),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert end.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in end.stderr.splitlines()[-1]
    assert "Traceback" not in end.stderr
