"""The application over the seeded world, and what a person does at its doors."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import httpx
import pyotp
import pytest
from fastapi import FastAPI

from kit.settings import Settings
from kit.web import _now
from tests.fleet.conftest import app, client
from tests.support.world import PASSWORD

__all__ = ["app", "client"]

API = "/api/v1"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Few attempts, so that a test reaches the locks."""
    return Settings(
        database_url=database_url,
        data_dir=tmp_path,
        demo=True,
        log_in_attempts=3,
        log_in_attempts_per_address=5,
    )


class Clock:
    """The instant at which the application believes to be."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def advance(self, **parts: float) -> None:
        """Let time pass."""
        self.now += timedelta(**parts)


@pytest.fixture
def clock(app: FastAPI) -> Iterator[Clock]:
    """A clock that the test moves; the application's routes go by it."""
    clock = Clock()
    app.dependency_overrides[_now] = lambda: clock.now
    yield clock
    app.dependency_overrides.clear()


class Browser:
    """A client that keeps no cookie and shows its bearer token."""

    def __init__(self, client: httpx.AsyncClient, clock: Clock) -> None:
        self._client, self._clock = client, clock
        self.token: str | None = None

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> httpx.Response:
        """Send a request under the session's token."""
        headers = {**headers, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        self._client.cookies.clear()
        return await self._client.request(method, API + path, json=body, headers=headers)

    async def log_in(self, username: str, password: str = PASSWORD) -> httpx.Response:
        """Log in; keep the token of a 200."""
        body = {"username": username, "password": password}
        self.token = None
        return self._kept(await self.call("POST", "/session", body))

    async def answer(self, challenge: str, **what: str) -> httpx.Response:
        """Answer a challenge; keep the token of a 200."""
        body = {"challenge": challenge, **what}
        self.token = None
        return self._kept(await self.call("POST", "/session/challenge", body))

    async def enrol(self, password: str = PASSWORD) -> tuple[pyotp.TOTP, list[str]]:
        """Set up a second factor; return its codes' maker and the recovery codes."""
        begun = await self.call("POST", "/session/second-factor", {"password": password})
        assert begun.status_code == 200, begun.text
        totp = pyotp.TOTP(begun.json()["secret"])
        put = await self.call("PUT", "/session/second-factor", {"code": self.code(totp)})
        assert put.status_code == 200, put.text
        return totp, put.json()["recovery_codes"]

    def code(self, totp: pyotp.TOTP) -> str:
        """Return the code of this instant."""
        return totp.at(self._clock.now)

    def _kept(self, answer: httpx.Response) -> httpx.Response:
        if answer.status_code == 200:
            self.token = answer.json()["token"]
        return answer


@pytest.fixture
def browser(client: httpx.AsyncClient, clock: Clock) -> Browser:
    """Somebody at the log-in page."""
    return Browser(client, clock)


@pytest.fixture
def other(client: httpx.AsyncClient, clock: Clock) -> Browser:
    """Somebody else, or the same person elsewhere."""
    return Browser(client, clock)


def problem_of(answer: httpx.Response) -> str:
    """Return the type of a problem document."""
    return str(answer.json()["type"]).removeprefix("/problems/")
