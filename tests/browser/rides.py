"""Rides as the pages' tests need them: asked for, approved and assigned through the API."""

from dataclasses import dataclass, field
from datetime import timedelta

from kit.clock import utc_now
from tests.browser.places import place
from tests.browser.site import Site
from tests.support.system import Caller

Json = dict[str, object]
_ENDS = {
    "assigned": "cancel",
    "accepted": "cancel",
    "departed": "interrupt",
    "arrived": "interrupt",
    "returning": "interrupt",
}
"""How a dispatcher ends an order in each state that isn't its last."""
_OPEN = {"unit_review", "sent_back", "awaiting_dispatch"}


@dataclass(frozen=True)
class Rides:
    """Unit A's applicant, approver and the dispatcher at the API."""

    applicant: Caller
    approver: Caller
    dispatcher: Caller
    site: Site
    asked: list[object] = field(default_factory=list)
    """Ids of what was asked for here: others ride in the same town."""

    @classmethod
    def of(cls, site: Site) -> "Rides":
        """Log everybody in."""
        applicant, approver = site.caller("applicant_a"), site.caller("approver_a")
        return cls(applicant, approver, site.caller("dispatcher"), site)

    def approved(self, purpose_text: str, start_in: timedelta = timedelta(minutes=20)) -> Json:
        """Ask for an hour's ride from the middle of the town, and approve it."""
        asked = self.asked_only(purpose_text, start_in)
        step = {"revision": asked["revision"]}
        return self.approver.post(f"/requests/{asked['id']}/approve", step)

    def asked_only(self, purpose_text: str, start_in: timedelta) -> Json:
        """Ask for an hour's ride from the middle of the town."""
        start = utc_now() + start_in
        asked = self.applicant.post(
            "/requests",
            {
                "passengers": 2,
                "purpose": "meeting",
                "purpose_text": purpose_text,
                "start": start.isoformat(),
                "end": (start + timedelta(hours=1)).isoformat(),
                "origin": place("示例会议中心", 0.0),
                "destination": place("甲局办公楼", 0.01),
            },
        )
        self.asked.append(asked["id"])
        return asked

    def assigned(self, request: Json, key: str) -> Json:
        """Assign the vehicle and the driver of this key."""
        world = self.site.world
        choice = {
            "vehicle_id": str(world.vehicles[key].id),
            "driver_id": str(world.drivers[key].id),
            "revision": request["revision"],
        }
        return self.dispatcher.post(f"/requests/{request['id']}/assignment", choice)

    def orders(self, state: str) -> list[Json]:
        """Orders in this state that serve what was asked for here."""
        found = self.dispatcher.get("/orders", state=state)["items"]
        assert isinstance(found, list)
        return [one for one in found if any(r["id"] in self.asked for r in one["requests"])]

    def clear(self) -> None:
        """End what was asked for here and isn't over: the town is others' too."""
        failed = []
        for request_id in self.asked:
            try:
                self._end(f"/requests/{request_id}")
            except AssertionError as error:
                failed.append(error)
        if failed:
            raise ExceptionGroup("rides that could not be ended", failed)

    def _end(self, path: str) -> None:
        order = self.dispatcher.get(path)["order"]
        if isinstance(order, dict):
            state = self.dispatcher.get(f"/orders/{order['id']}")["state"]
            if action := _ENDS.get(str(state)):
                self.step("dispatcher", order, action, reason="演示结束")
        now = self.applicant.get(path)
        if now["state"] in _OPEN:
            self.applicant.post(f"{path}/withdraw", {"revision": now["revision"]})

    def step(self, username: str, order: Json, action: str, **tap: object) -> Json:
        """Take a step of an order as it is now."""
        caller, path = self.site.caller(username), f"/orders/{order['id']}"
        tap.setdefault("revision", caller.get(path)["revision"])
        return caller.post(f"{path}/{action}", tap)
