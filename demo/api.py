"""The demo's people speak to the server as everybody does: over HTTP, each with a log-in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self, TypedDict

import httpx

from kit.trouble import Trouble

_PREFIX = "/api/v1"


class NamedRef(TypedDict):
    """An organisation, person or driver."""

    id: str
    name: str


class PlateRef(TypedDict):
    """A vehicle."""

    id: str
    plate: str


class Waypoint(TypedDict):
    """A place of a ride, WGS-84."""

    name: str
    latitude: float
    longitude: float


class Period(TypedDict):
    """A half-open period."""

    start: str
    end: str


class RequestRow(TypedDict):
    """What the demo reads of a request."""

    id: str
    state: str
    revision: int
    unit: NamedRef
    actions: list[str]


class ServedRow(TypedDict):
    """What the demo reads of a request within its order."""

    id: str
    passenger: NamedRef
    origin: Waypoint
    destination: Waypoint


class OrderRow(TypedDict):
    """What the demo reads of an order."""

    id: str
    kind: str
    state: str
    revision: int
    vehicle: PlateRef | None
    driver: NamedRef | None
    period: Period
    requests: list[ServedRow]


class Refused(Trouble):
    """The server answered with a problem."""

    def __init__(self, status: int, problem: str, detail: str) -> None:
        super().__init__(f"{status} {problem}: {detail}")
        self.status = status
        self.problem = problem


@dataclass(slots=True)
class Api:
    """One connection pool, and a token for each account that has logged in."""

    base_url: str
    password: str
    _client: httpx.AsyncClient = field(init=False)
    _tokens: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        limits = httpx.Limits(max_connections=16)
        self._client = httpx.AsyncClient(base_url=self.base_url, timeout=30, limits=limits)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def healthy(self) -> bool:
        """Return whether the server answers."""
        try:
            return (await self._client.get("/health")).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    async def get(self, username: str, path: str, **query: str | list[str]) -> dict[str, object]:
        """Return what this account reads at `path`. Raises Refused, httpx.TransportError."""
        return await self._ask(username, "GET", path, query, None)

    async def post(
        self, username: str, path: str, body: dict[str, object] | None = None
    ) -> dict[str, object]:
        """Return the answer to what this account sends. Raises Refused, httpx.TransportError."""
        return await self._ask(username, "POST", path, {}, body or {})

    async def requests(self, username: str, *states: str) -> list[RequestRow]:
        """Return the newest requests in these states that the account sees."""
        answer = await self.get(username, "/requests", state=list(states), limit="100")
        return answer["items"]  # type: ignore[return-value]

    async def orders(self, username: str, *states: str) -> list[OrderRow]:
        """Return the newest orders in these states that the account sees."""
        answer = await self.get(username, "/orders", state=list(states), limit="100")
        return answer["items"]  # type: ignore[return-value]

    async def _ask(
        self,
        username: str,
        method: str,
        path: str,
        query: dict[str, str | list[str]],
        body: dict[str, object] | None,
    ) -> dict[str, object]:
        answer = await self._send(username, method, path, query, body)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._tokens.pop(username, None)
            answer = await self._send(username, method, path, query, body)
        return _read(answer)

    async def _send(
        self,
        username: str,
        method: str,
        path: str,
        query: dict[str, str | list[str]],
        body: dict[str, object] | None,
    ) -> httpx.Response:
        token = self._tokens.get(username) or await self._log_in(username)
        headers = {"Authorization": f"Bearer {token}"}
        return await self._client.request(
            method, _PREFIX + path, params=query, json=body, headers=headers
        )

    async def _log_in(self, username: str) -> str:
        credentials = {"username": username, "password": self.password}
        answer = await self._client.post(f"{_PREFIX}/session", json=credentials)
        token = str(_read(answer)["token"])
        # The cookie would otherwise speak for the last account that logged in.
        self._client.cookies.clear()
        self._tokens[username] = token
        return token


def _read(answer: httpx.Response) -> dict[str, object]:
    """Return the body of a success. Raises Refused."""
    is_json = "json" in answer.headers.get("content-type", "")
    body: dict[str, object] = answer.json() if is_json and answer.content else {}
    if answer.is_success:
        return body
    problem = str(body.get("type", "unknown")).rpartition("/")[2]
    raise Refused(answer.status_code, problem, str(body.get("detail") or body.get("title") or ""))
