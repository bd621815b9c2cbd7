"""An API process of the bench's own, and somebody logged in to it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx

_STARTS_WITHIN_S = 60


@contextmanager
def serving(url: str, settings: Mapping[str, str] | None = None) -> Iterator[tuple[str, int]]:
    """Yield the address and the id of an API process of its own over the database at `url`.

    settings: further environment of the process
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {
        **(settings or {}),
        "GONGCHE_DATABASE_URL": url,
        "GONGCHE_HTTP_PORT": str(port),
    }
    command = [sys.executable, "-m", "gateway.cli", "api"]
    process = subprocess.Popen(command, env={**os.environ, **told})
    try:
        _await_health(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def logged_in(base_url: str, username: str, password: str) -> Iterator[httpx.Client]:
    """Yield a client of `/api/v1` in a session of this account."""
    with httpx.Client(base_url=f"{base_url}/api/v1", timeout=30) as client:
        body = {"username": username, "password": password}
        answer = client.post("/session", json=body).raise_for_status()
        client.cookies.clear()
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        yield client


def _await_health(base_url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"{base_url}/health")
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the API process did not start")
