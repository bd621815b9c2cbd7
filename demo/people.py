"""The demo's staff: they book, approve, dispatch, drive, confirm and accept back by themselves.

They work on every ride of the demo's units, also on one that somebody booked on the phone page,
and each takes a few seconds to look up from the desk. A driver's taps follow the simulated
vehicle: departed when it leaves, arrived when it is there.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

import httpx

from demo import cast
from demo.api import Api, OrderRow, Refused, RequestRow
from demo.city import PlaceKind
from demo.history.plan import DESTINATIONS, TASKS
from demo.places import Places
from demo.simulator.vehicle import Routing, SimulatedVehicle
from fleet.words import Role
from kit.clock import utc_now
from tracking.geo import distance_m

log = logging.getLogger(__name__)

Progress = Callable[[str], None]

_IN_HAND = ("assigned", "accepted", "departed", "arrived", "returning")


@dataclass(frozen=True, slots=True)
class Pace:
    """How busy the demo is, in seconds."""

    look_s: float = 4.0
    """Between two looks of one person at their list."""
    booking_s: float = 75.0
    first_rides: int = 10
    rides_at_once: int = 16
    boarding_s: float = 20.0
    dwell_s: float = 45.0
    early_s: float = 3600.0
    """A driver leaves at most so long before the planned start."""


@dataclass(slots=True)
class People:
    """Everybody in the demo; `run` lets them work until it is cancelled."""

    api: Api
    places: Places
    vehicles: Mapping[str, SimulatedVehicle]
    """By plate."""
    routing: Routing
    progress: Progress
    random: Random = field(default_factory=lambda: Random(cast.CITY_SEED))
    pace: Pace = field(default_factory=Pace)
    _in_hand: dict[str, asyncio.Task[None]] = field(init=False, default_factory=dict)
    _usernames: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._usernames = {one.name: one.username for one in cast.staff()}

    async def run(self) -> None:
        """Work until cancelled; a server that is away or refuses is met again later."""
        approvers = {one.username: one.unit for one in cast.of(Role.UNIT_APPROVER)}
        dispatcher = cast.of(Role.DISPATCHER)[0].username
        works: list[Awaitable[None]] = [
            *(
                self._again(partial(self._approve, cast.organisation_name(unit)), name)
                for name, unit in approvers.items()
            ),
            self._again(self._dispatch, dispatcher),
            self._again(self._send_drivers, dispatcher),
            self._again(self._close, dispatcher),
            self._book_now_and_then(dispatcher),
        ]
        try:
            await asyncio.gather(*works)
        finally:
            for task in self._in_hand.values():
                task.cancel()
            await asyncio.gather(*self._in_hand.values(), return_exceptions=True)

    async def _again(self, look: Callable[[str], Awaitable[None]], username: str) -> None:
        while True:
            await asyncio.sleep(self.pace.look_s * self.random.uniform(0.7, 1.3))
            await self._calmly(look(username))

    async def _calmly(self, work: Awaitable[None]) -> None:
        """Do it, or say why not: nobody stops working because of one answer."""
        try:
            await work
        except (Refused, httpx.HTTPError) as error:
            log.warning("demo staff was refused", extra={"error": str(error)})

    # -- booking -------------------------------------------------------------------------------

    async def _book_now_and_then(self, dispatcher: str) -> None:
        for _ in range(self.pace.first_rides):
            await self._calmly(self._book(dispatcher))
        while True:
            await asyncio.sleep(self.pace.booking_s * self.random.uniform(0.5, 1.5))
            await self._calmly(self._book(dispatcher))

    async def _book(self, dispatcher: str) -> None:
        if len(await self.api.orders(dispatcher, *_IN_HAND)) >= self.pace.rides_at_once:
            return
        applicant = self.random.choice(cast.of(Role.APPLICANT))
        origin = self.random.choice(self.places.places_of(PlaceKind.OFFICE))
        kind = self.random.choice(DESTINATIONS)
        choices = [place for place in self.places.places_of(kind) if place is not origin]
        # The nearest of a few: a ride is to be seen whole within minutes.
        few = self.random.sample(choices, k=min(3, len(choices)))
        destination = min(
            few, key=lambda place: distance_m(origin.lat, origin.lon, place.lat, place.lon)
        )
        purpose, text = self.random.choice(TASKS)
        start = utc_now().replace(microsecond=0)
        body: dict[str, object] = {
            "passengers": self.random.randint(1, 3),
            "purpose": purpose,
            "purpose_text": text,
            "start": start.isoformat(),
            "end": (start + timedelta(minutes=45)).isoformat(),
            "origin": {"name": origin.name, "latitude": origin.lat, "longitude": origin.lon},
            "destination": {
                "name": destination.name,
                "latitude": destination.lat,
                "longitude": destination.lon,
            },
            "round_trip": False,
        }
        await self.api.post(applicant.username, "/requests", body)

    # -- at the desks --------------------------------------------------------------------------

    async def _approve(self, unit: str, username: str) -> None:
        """Approve for one's own unit; the bureau's approver could reach the others'."""
        for request in await self.api.requests(username, "unit_review"):
            if request["unit"]["name"] == unit and "approve" in request["actions"]:
                path = f"/requests/{request['id']}/approve"
                await self.api.post(username, path, {"revision": request["revision"]})

    async def _dispatch(self, username: str) -> None:
        for request in await self.api.requests(username, "awaiting_dispatch"):
            await self._calmly(self._assign(username, request))

    async def _assign(self, username: str, request: RequestRow) -> None:
        """Assign the best vehicle of a suggestion, or the next where somebody was quicker."""
        path = f"/requests/{request['id']}"
        suggestion = await self.api.post(username, f"{path}/suggestions")
        candidates = suggestion["candidates"]
        assert isinstance(candidates, list)
        passed_over: dict[str, object] = {}
        for candidate in candidates[:5]:
            if candidate["driver"] is None:
                continue
            choice: dict[str, object] = {
                "vehicle_id": candidate["vehicle"]["id"],
                "driver_id": candidate["driver"]["id"],
                "suggestion_id": suggestion["id"],
                "revision": request["revision"],
                **passed_over,
            }
            try:
                await self.api.post(username, f"{path}/assignment", choice)
            except Refused as refusal:
                if refusal.problem in ("vehicle-busy", "driver-busy"):
                    passed_over = {"reason": "首选车辆或驾驶员已派出"}
                    continue
                raise
            return

    async def _close(self, dispatcher: str) -> None:
        """Passengers confirm what has returned, the dispatcher accepts the vehicle back."""
        for order in await self.api.orders(dispatcher, "returned", "confirming"):
            path = f"/orders/{order['id']}"
            seen: dict[str, object] = {"revision": order["revision"]}
            if order["state"] == "confirming" or order["kind"] == "service":
                await self.api.post(dispatcher, f"{path}/accept_back", seen)
            elif order["requests"]:
                name = order["requests"][0]["passenger"]["name"]
                if name in self._usernames:
                    await self.api.post(self._usernames[name], f"{path}/confirm", seen)

    # -- on the road ---------------------------------------------------------------------------

    async def _send_drivers(self, dispatcher: str) -> None:
        for order in await self.api.orders(dispatcher, *_IN_HAND):
            task = self._in_hand.get(order["id"])
            if (task is None or task.done()) and self._can_drive(order):
                drive = self._calmly(self._drive(order))
                self._in_hand[order["id"]] = asyncio.create_task(drive)
        self._in_hand = {id: task for id, task in self._in_hand.items() if not task.done()}

    def _can_drive(self, order: OrderRow) -> bool:
        vehicle, driver = order["vehicle"], order["driver"]
        if vehicle is None or driver is None or not order["requests"]:
            return False
        return vehicle["plate"] in self.vehicles and driver["name"] in self._usernames

    async def _drive(self, order: OrderRow) -> None:
        """Take an order from the state in which it stands to the vehicle's return."""
        assert order["vehicle"] is not None
        assert order["driver"] is not None
        vehicle = self.vehicles[order["vehicle"]["plate"]]
        hand = _Hand(self, order, vehicle, self._usernames[order["driver"]["name"]])
        if order["state"] == "assigned":
            await hand.tap("accept")
        if order["state"] in ("assigned", "accepted"):
            await hand.depart()
        if order["state"] in ("assigned", "accepted", "departed"):
            await hand.bring()
        if order["state"] != "returning":
            await hand.start_return()
        await hand.come_home()

    def base_of(self, plate: str) -> tuple[float, float]:
        """Return where a vehicle of the cast parks."""
        car = next(car for car in cast.cars() if car.plate == plate)
        base = self.places.places_of(PlaceKind.BASE)[car.base]
        return base.lat, base.lon


@dataclass(frozen=True, slots=True)
class _Hand:
    """A driver with an order in a vehicle: each step is tapped when the vehicle is there."""

    people: People
    order: OrderRow
    vehicle: SimulatedVehicle
    username: str

    async def depart(self) -> None:
        start = datetime.fromisoformat(self.order["period"]["start"])
        early = timedelta(seconds=self.people.pace.early_s)
        await asyncio.sleep(max(3.0, (start - early - utc_now()).total_seconds()))
        await self.tap("depart", odometer=True)

    async def bring(self) -> None:
        """To the passengers, then with them to their destination."""
        ride = self.order["requests"][0]
        for n, place in enumerate((ride["origin"], ride["destination"])):
            if n:
                await asyncio.sleep(self.people.pace.boarding_s)
            await self._go(place["latitude"], place["longitude"])
        await self.tap("arrive")

    async def start_return(self) -> None:
        await asyncio.sleep(self.people.pace.dwell_s)
        await self.tap("start_return")

    async def come_home(self) -> None:
        """Back to the base."""
        await self._go(*self.people.base_of(self.vehicle.plate))
        await self.tap("return", odometer=True)

    async def tap(self, action: str, *, odometer: bool = False) -> None:
        """Take a step at the place and time of the vehicle."""
        latitude, longitude = self.vehicle.place
        body: dict[str, object] = {
            "tapped_at": utc_now().isoformat(),
            "latitude": latitude,
            "longitude": longitude,
        }
        if odometer:
            body["odometer_m"] = self.vehicle.odometer_m
        await self.people.api.post(self.username, f"/orders/{self.order['id']}/{action}", body)

    async def _go(self, latitude: float, longitude: float) -> None:
        await self.vehicle.go_to((latitude, longitude), self.people.routing)
