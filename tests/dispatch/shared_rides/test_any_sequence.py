"""Whatever people do one after another, nobody who shares is driven beyond what they agreed to.

What is stored is judged here by its own arithmetic: the kernel and its plans aren't asked.
"""

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeVar

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.tables import (
    Order,
    OrderRequest,
    OrderWaypoint,
    Promise,
    Request,
    SharingConsent,
)
from fleet.tables import Vehicle
from kit.clock import utc_now
from tests.dispatch.office import Json, Office, ok
from tests.support.world import LATITUDE, LONGITUDE

Row = TypeVar("Row", SharingConsent, Promise)
STEPS = 60
A_SECOND = timedelta(seconds=1)
# Straight lines at 30 km/h, 1.4 times as long as the crow flies.
SPEED_M_S, DETOUR = 30 / 3.6, 1.4
# Earth's mean radius; what is measured otherwise may differ by this share.
RADIUS_M, APART = 6_371_008.8, 0.005


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the great circle between two points, by the haversine."""
    (p, q), (r, s) = ([math.radians(x) for x in one] for one in (a, b))
    h = math.sin((r - p) / 2) ** 2 + math.cos(p) * math.cos(r) * math.sin((s - q) / 2) ** 2
    return 2 * RADIUS_M * math.asin(math.sqrt(h))


def drive_s(a: tuple[float, float], b: tuple[float, float]) -> float:
    return DETOUR * metres(a, b) / SPEED_M_S


@dataclass
class Walk:
    """People who do one thing after another, as the dice say, and what came of it."""

    office: Office
    dice: random.Random
    asked: list[str] = field(default_factory=list)
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)

    async def step(self) -> None:
        doing = self.dice.choice(
            [self.ask] * 3
            + [self.assign] * 4
            + [self.join] * 8
            + [self.leave, self.cancel, self.consent, self.extend, self.reassign, self.times]
        )
        answer = await doing()
        if answer is None:
            return
        told = answer.json()
        self.answers[doing.__name__, told.get("limit", told.get("type", "done"))] += 1
        assert answer.status_code < 500, f"{doing.__name__}: {answer.text}"

    async def requests(self, *states: str) -> list[Json]:
        found = [ok(await self.office.get("dispatcher", f"/requests/{id}")) for id in self.asked]
        return [one for one in found if one["state"] in states]

    async def orders(self) -> list[Json]:
        served = await self.requests("assigned", "accepted")
        ids = sorted({one["order"]["id"] for one in served})
        return [ok(await self.office.get("dispatcher", f"/orders/{id}")) for id in ids]

    def place(self, name: str, along: float) -> Json:
        """Return a place by a road to the north-east, a little aside of it."""
        north, east = (along + self.dice.choice((0.0, 0.0, 0.002, 0.01)) for _ in range(2))
        return {"name": name, "latitude": LATITUDE + north, "longitude": LONGITUDE + east}

    def unit_of(self, request: Json) -> str:
        return "a" if request["unit"]["name"] == "甲局" else "b"

    async def ask(self) -> httpx.Response:
        unit = self.dice.choice("ab")
        start = utc_now() + timedelta(hours=4, minutes=self.dice.choice((0, 0, 2, 5, 30)))
        body = {
            "passengers": self.dice.choice((1, 1, 1, 2)),
            "purpose": "meeting",
            "purpose_text": "同去开会",
            "start": start.isoformat(),
            "end": (start + timedelta(minutes=self.dice.choice((45, 120, 180)))).isoformat(),
            "origin": self.place("起点", self.dice.choice((0.0, 0.0, 0.01))),
            "destination": self.place("终点", self.dice.choice((0.03, 0.06, 0.06))),
            "may_share": self.dice.random() < 0.96,
            "round_trip": self.dice.random() < 0.5,
        }
        answer = await self.office.post(f"applicant_{unit}", "/requests", body)
        if answer.status_code == 201:
            made = await self.office.approve(answer.json(), f"approver_{unit}")
            self.asked.append(made["id"])
        return answer

    async def assign(self) -> httpx.Response | None:
        if not (waiting := await self.requests("awaiting_dispatch")):
            return None
        key = self.dice.choice(("a1", "a2", "b1", "b2", "pool1"))
        chosen = self.dice.choice(waiting)
        return await self.office.assign(chosen, key, key, override=True, reason="安排")

    async def join(self) -> httpx.Response | None:
        waiting, orders = await self.requests("awaiting_dispatch"), await self.orders()
        if not waiting or not orders:
            return None
        request, order = self.dice.choice(waiting), self.dice.choice(orders)
        if self.dice.random() < 0.7:
            path = f"/requests/{request['id']}/shared-rides"
            if fits := ok(await self.office.get("dispatcher", path))["items"]:
                id = self.dice.choice(fits)["order_id"]
                order = ok(await self.office.get("dispatcher", f"/orders/{id}"))
        body = {
            "order_id": order["id"],
            "revision": request["revision"],
            "order_revision": order["revision"],
            "override": True,
            "reason": "顺路",
        }
        return await self.office.post("dispatcher", f"/requests/{request['id']}/join", body)

    async def leave(self) -> httpx.Response | None:
        if not (orders := await self.orders()):
            return None
        order = self.dice.choice(orders)
        body = {
            "request_id": self.dice.choice(order["requests"])["id"],
            "revision": order["revision"],
            "reason": "另行安排",
        }
        return await self.office.post("dispatcher", f"/orders/{order['id']}/leave", body)

    async def cancel(self) -> httpx.Response | None:
        if not (found := await self.requests("awaiting_dispatch", "assigned")):
            return None
        one = self.dice.choice(found)
        doing = "cancel" if one["state"] == "assigned" else "withdraw"
        path = f"/requests/{one['id']}/{doing}"
        body = {"revision": one["revision"], "reason": "取消"}
        return await self.office.post(f"applicant_{self.unit_of(one)}", path, body)

    async def consent(self) -> httpx.Response | None:
        if not (found := await self.requests("awaiting_dispatch", "assigned")):
            return None
        one = self.dice.choice(found)
        body = {
            "revision": one["revision"],
            "agreed": self.dice.random() < 0.9,
            "detour_percent": self.dice.choice((None, 5, 30, 100, 100)),
            "detour_s": self.dice.choice((None, 120, 3600, 3600)),
        }
        path = f"/requests/{one['id']}/sharing"
        return await self.office.post(f"applicant_{self.unit_of(one)}", path, body)

    async def extend(self) -> httpx.Response | None:
        if not (orders := await self.orders()):
            return None
        order = self.dice.choice(orders)
        end = datetime.fromisoformat(order["period"]["end"]) + timedelta(minutes=30)
        body = {"revision": order["revision"], "end": end.isoformat(), "reason": "延长"}
        return await self.office.post("dispatcher", f"/orders/{order['id']}/extend", body)

    async def reassign(self) -> httpx.Response | None:
        if not (orders := await self.orders()):
            return None
        order = self.dice.choice(orders)
        key = self.dice.choice(("a1", "a2", "a3", "b1", "b2", "b3", "pool1", "pool2"))
        body = {
            "revision": order["revision"],
            "vehicle_id": str(self.office.world.vehicles[key].id),
            "reason": "换车",
            "override": True,
        }
        return await self.office.post("dispatcher", f"/orders/{order['id']}/reassign", body)

    async def times(self) -> httpx.Response | None:
        if not (waiting := await self.requests("awaiting_dispatch")):
            return None
        one = self.dice.choice(waiting)
        later = timedelta(minutes=self.dice.choice((5, 20)))
        edges = (datetime.fromisoformat(one["period"][edge]) for edge in ("start", "end"))
        start, end = ((edge + later).isoformat() for edge in edges)
        body = {"revision": one["revision"], "start": start, "end": end, "reason": "顺延"}
        return await self.office.post("dispatcher", f"/requests/{one['id']}/times", body)


@pytest.mark.parametrize("seed", [2, 3])
async def test_no_limit_of_a_shared_order_is_broken_by_any_sequence(
    office: Office, seed: int
) -> None:
    walk = Walk(office, random.Random(seed))
    for _ in range(4):
        await walk.ask()
    shared = 0
    for _ in range(STEPS):
        await walk.step()
        async with office.sessions() as session:
            shared += await check(session)
    assert shared >= 8, f"seed {seed}: {walk.answers}"


async def check(session: AsyncSession) -> int:
    """Judge all orders with a vehicle that wait to depart; return how many are shared."""
    orders = (
        await session.scalars(select(Order).where(Order.state.in_(("assigned", "accepted"))))
    ).all()
    bound: Counter[object] = Counter()
    shared = 0
    for order in orders:
        served = list(
            await session.scalars(
                select(Request)
                .join(OrderRequest, OrderRequest.request_id == Request.id)
                .where(OrderRequest.order_id == order.id)
            )
        )
        bound.update(one.id for one in served)
        assert served
        assert {one.state for one in served} == {order.state}
        if len(served) > 1:
            shared += 1
            await check_shared(session, order, served)
    states = await session.execute(select(Request.id, Request.state))
    assert bound == Counter(row.id for row in states if row.state in {"assigned", "accepted"})
    return shared


async def check_shared(session: AsyncSession, order: Order, served: Sequence[Request]) -> None:
    """Judge the calls of one shared order by each passenger's own limits."""
    vehicle = await session.get_one(Vehicle, order.vehicle_no)
    assert all(one.may_share for one in served)
    rows = list(
        await session.scalars(
            select(OrderWaypoint)
            .where(OrderWaypoint.order_id == order.id)
            .order_by(OrderWaypoint.plan_number, OrderWaypoint.place)
        )
    )
    calls = [row for row in rows if row.plan_number == rows[-1].plan_number]
    by_id = {one.id: one for one in served}
    aboard, places = 0, []
    for call in calls:
        request = by_id[call.request_id]
        aboard += request.passengers if call.is_pick_up else -request.passengers
        assert aboard < vehicle.seats
        pickup = request.origin_latitude, request.origin_longitude
        goal = request.destination_latitude, request.destination_longitude
        places.append(pickup if call.is_pick_up != call.is_return else goal)
        assert order.period.lower - A_SECOND <= call.at <= order.period.upper + A_SECOND
    for (one, here), (other, there) in pairwise(zip(calls, places, strict=True)):
        least_s = drive_s(here, there) * (1 - APART)
        assert (other.at - one.at).total_seconds() >= least_s - 1
    for request in served:
        own = [call for call in calls if call.request_id == request.id]
        assert len(own) == (4 if request.round_trip else 2)
        await check_part(session, request, own)


async def check_part(
    session: AsyncSession, request: Request, calls: Sequence[OrderWaypoint]
) -> None:
    """Judge one passenger's own calls."""
    at = {(call.is_return, call.is_pick_up): call.at for call in calls}
    assert len(at) == len(calls)
    said = await newest(session, SharingConsent, request)
    percent, seconds = (said.detour_percent, said.detour_s) if said else (None, None)
    if percent is None and seconds is None:
        percent, seconds = 50, 900
    percent, seconds = (
        min(percent if percent is not None else 100, 100),
        min(seconds if seconds is not None else 3600, 3600),
    )
    origin = request.origin_latitude, request.origin_longitude
    goal = request.destination_latitude, request.destination_longitude
    direct_s = drive_s(origin, goal)
    longest_s = (direct_s + min(direct_s * percent / 100, seconds)) * (1 + APART) + 1
    told = await newest(session, Promise, request)
    assert told is not None
    assert told.pickup_at is not None
    assert abs(at[False, True] - told.pickup_at) <= A_SECOND
    assert at[False, True] >= request.period.lower - A_SECOND
    latest_s = max(longest_s, (told.pickup_at - request.period.lower).total_seconds() + direct_s)
    set_down_s = (at[False, False] - request.period.lower).total_seconds()
    assert set_down_s <= latest_s * (1 + APART) + 1
    for is_return in {call.is_return for call in calls}:
        ride_s = (at[is_return, False] - at[is_return, True]).total_seconds()
        assert direct_s * (1 - APART) - 1 <= ride_s <= longest_s
    if request.round_trip:
        assert at[True, True] > at[False, False]
        assert at[True, False] <= request.period.upper + A_SECOND


async def newest(session: AsyncSession, table: type[Row], request: Request) -> Row | None:
    """Return what was said last of a request."""
    rows = select(table).where(table.request_id == request.id).order_by(table.no.desc()).limit(1)
    return (await session.scalars(rows)).one_or_none()
