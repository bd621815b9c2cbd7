"""Commands about orders: assign a pair, take a step, change the pair or the end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import Range

from dispatch.orders import booking, service
from dispatch.orders.changing import Change, change_order
from dispatch.orders.promise_store import Arrival
from dispatch.orders.states import OrderAction
from dispatch.orders.steps import Tap
from dispatch.requests.schemas import AssignmentIn
from dispatch.tables import Order, Request
from tests.dispatch.commands.books import nobody_is_away
from tests.dispatch.commands.desk import Desk

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Assign:
    """Assign a vehicle and a driver, who are `arrival_s` away, to one of the newest requests."""

    pair: Pair
    which: int = 0
    arrival_s: int | None = None
    reason: str | None = None
    who: str = "dispatcher"

    async def run(self, desk: Desk) -> None:
        request = await desk.newest(Request, self.which)
        if request is None:
            return
        choice = AssignmentIn(
            vehicle_id=desk.world.vehicles[self.pair[0]].id,
            driver_id=desk.world.drivers[self.pair[1]].id,
            revision=request.revision,
            reason=self.reason,
            override=self.reason is not None,
        )
        actor, arrival = desk.actors[self.who], arrival_of(self.arrival_s)
        if await desk.attempt(
            lambda s: booking.assign(s, actor, request.id, choice, desk.now, None, arrival=arrival)
        ):
            order = await desk.newest(Order)
            assert order is not None
            await nobody_is_away(desk, order, order.period)


@dataclass(frozen=True, slots=True)
class Step:
    """Take a step of one of the newest orders; "driver" is whoever drives it now.

    by_page, behind: whether a page shows the order, and how many steps ago it was read
    """

    who: str
    action: OrderAction
    which: int = 0
    reason: str | None = None
    odometer_m: int | None = 1000
    by_page: bool = True
    behind: int = 0

    async def run(self, desk: Desk) -> None:
        order = await desk.newest(Order, self.which)
        if order is None:
            return
        who = await desk.driver_of(order) if self.who == "driver" else self.who
        if who is None:
            return
        tap = Tap(
            revision=order.revision - self.behind if self.by_page else None,
            odometer_m=self.odometer_m,
            reason=self.reason,
        )
        actor = desk.actors[who]
        await desk.attempt(
            lambda s: service.take_step(s, actor, order.id, self.action, tap, desk.now, None)
        )
        desk.pass_time(desk.now)


@dataclass(frozen=True, slots=True)
class Alter:
    """Change the pair or the end of one of the newest orders, with or without a reason."""

    who: str
    action: OrderAction
    pair: Pair
    which: int = 0
    longer: timedelta = timedelta(minutes=30)
    arrival_s: int | None = None
    reason: str = "临时调整"
    override: bool = False

    async def run(self, desk: Desk) -> None:
        order = await desk.newest(Order, self.which)
        if order is None or order.period.upper is None:
            return
        takes_vehicle = self.action in (OrderAction.REASSIGN, OrderAction.SWAP_VEHICLE)
        takes_driver = self.action in (OrderAction.REASSIGN, OrderAction.SWAP_DRIVER)
        change = Change(
            self.action,
            order.revision,
            self.reason,
            self.override,
            vehicle_id=desk.world.vehicles[self.pair[0]].id if takes_vehicle else None,
            driver_id=desk.world.drivers[self.pair[1]].id if takes_driver else None,
            end=order.period.upper + self.longer,
        )
        actor, arrival = desk.actors[self.who], arrival_of(self.arrival_s)
        if await desk.attempt(
            lambda s: change_order(s, actor, order.id, change, desk.now, None, arrival=arrival)
        ):
            changed = await desk.newest(Order, self.which)
            assert changed is not None
            await nobody_is_away(desk, changed, self._added(order, changed, desk.now))
        desk.pass_time(desk.now)

    def _added(self, order: Order, changed: Order, now: datetime) -> Range[datetime]:
        """Return the time for which the change has promised the pair."""
        since = order.period.upper if self.action is OrderAction.EXTEND else order.period.lower
        assert since is not None
        assert changed.period.upper is not None
        return Range(max(since, now), changed.period.upper, bounds="[)")


def arrival_of(seconds: int | None) -> Arrival | None:
    return None if seconds is None else Arrival(seconds)
