"""What people do in dispatch, by name of account, through the API."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from fleet.acts import Act
from fleet.rules.keys import RuleKey
from fleet.rules.saying import say
from kit.clock import utc_now
from kit.database import Sessions, transaction
from tests.support.world import LATITUDE, LONGITUDE, World

API = "/api/v1"
Json = dict[str, Any]


@dataclass
class Office:
    """The world's people, each with a client of their own."""

    world: World
    sessions: Sessions
    client_for: Callable[[str], Awaitable[httpx.AsyncClient]]
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    async def client(self, username: str) -> httpx.AsyncClient:
        if username not in self.clients:
            self.clients[username] = await self.client_for(username)
        return self.clients[username]

    async def get(self, username: str, path: str, **query: object) -> httpx.Response:
        return await (await self.client(username)).get(f"{API}{path}", params=query)  # type: ignore[arg-type]

    async def post(self, username: str, path: str, body: Json | None = None) -> httpx.Response:
        return await (await self.client(username)).post(f"{API}{path}", json=body)

    async def ask(self, username: str = "applicant_a", **changes: object) -> Json:
        return ok(await self.post(username, "/requests", wish(**changes)), 201)

    async def approve(self, request: Json, username: str = "approver_a") -> Json:
        path = f"/requests/{request['id']}/approve"
        return ok(await self.post(username, path, {"revision": request["revision"]}))

    async def approved(self, **changes: object) -> Json:
        return await self.approve(await self.ask(**changes))

    async def assign(
        self, request: Json, vehicle: str, driver: str, **more: object
    ) -> httpx.Response:
        body = {
            "vehicle_id": str(self.world.vehicles[vehicle].id),
            "driver_id": str(self.world.drivers[driver].id),
            "revision": request["revision"],
            **more,
        }
        return await self.post("dispatcher", f"/requests/{request['id']}/assignment", body)

    async def assigned(self, vehicle: str = "a1", driver: str = "a1", **changes: object) -> Json:
        return ok(await self.assign(await self.approved(**changes), vehicle, driver), 201)

    async def step(self, username: str, order: Json, action: str, **tap: object) -> httpx.Response:
        """Take a step: drivers tap, everybody else has read the order as it is passed."""
        seen = {} if username.startswith("driver") else {"revision": order["revision"]}
        return await self.post(username, f"/orders/{order['id']}/{action}", seen | tap)

    async def drive(self, order: Json, driver: str = "driver_a1", until: str = "return") -> Json:
        for action, tap in DRIVE:
            order = ok(await self.step(driver, order, action, **tap))
            if action == until:
                break
        return order


async def let_leave_early(office: Office) -> None:
    """Let orders of unit A depart up to a day before their planned start."""
    async with transaction(office.sessions) as session:
        await say(
            session,
            Act(None, utc_now()),
            organisation=office.world.organisations["a"],
            key=RuleKey.EARLY_DEPARTURE_S,
            value=24 * 3600,
            open_below=False,
        )


DRIVE: tuple[tuple[str, Json], ...] = (
    ("accept", {}),
    ("depart", {"odometer_m": 52_000_000}),
    ("arrive", {"latitude": LATITUDE, "longitude": LONGITUDE}),
    ("start_return", {}),
    ("return", {"odometer_m": 52_034_600}),
)


def wish(start_in: timedelta = timedelta(minutes=30), hours: float = 2, **changes: object) -> Json:
    """A ride from one side of the city to the other."""
    start = utc_now() + start_in
    return {
        "passengers": 2,
        "purpose": "meeting",
        "purpose_text": "参加工作会议",
        "start": start.isoformat(),
        "end": (start + timedelta(hours=hours)).isoformat(),
        "origin": {"name": "甲局", "latitude": LATITUDE, "longitude": LONGITUDE},
        "destination": {
            "name": "会议中心",
            "latitude": LATITUDE + 0.03,
            "longitude": LONGITUDE + 0.03,
        },
        **changes,
    }


def ok(answer: httpx.Response, status: int = 200) -> Json:
    """Return the body of an answer that has this status."""
    assert answer.status_code == status, answer.text
    body: Json = answer.json()
    return body


def problem(answer: httpx.Response, kind: str, status: int) -> Json:
    """Return the problem of this kind and status that an answer holds."""
    body: Json = answer.json()
    assert (answer.status_code, body["type"]) == (status, f"/problems/{kind}"), answer.text
    return body


def instant(text: str) -> datetime:
    """Return a time of the API."""
    return datetime.fromisoformat(text)
