"""Commands that are whole stories: a ride as it should go, one that is changed, one taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from dispatch.orders.states import OUT, OrderAction
from dispatch.requests.states import RequestAction
from dispatch.tables import Order
from tests.dispatch.commands.asking import SLOT, Ask, Decide
from tests.dispatch.commands.desk import Desk
from tests.dispatch.commands.ordering import Alter, Assign, Pair, Step

_A = OrderAction
# A ride as it should go.
COURSE = (
    Step("driver", _A.ACCEPT, by_page=False),
    Step("driver", _A.DEPART, by_page=False),
    Step("driver", _A.ARRIVE, by_page=False),
    Step("driver", _A.START_RETURN, by_page=False),
    Step("driver", _A.RETURN, by_page=False),
    Step("applicant_a", _A.CONFIRM),
    Step("dispatcher", _A.ACCEPT_BACK),
)
# Somebody leaves this long before the start.
_SOONER = timedelta(minutes=20)


async def go_on(desk: Desk, steps: Sequence[Step]) -> None:
    """Let the newest order take these steps, each at its time."""
    for step in steps:
        order = await desk.newest(Order)
        if step.action is _A.DEPART and order is not None and order.period.lower is not None:
            desk.pass_time(order.period.lower - _SOONER)
        await step.run(desk)


@dataclass(frozen=True, slots=True)
class Ride:
    """Let a ride go as it should, so many steps far, unless the pair is promised by then."""

    pair: Pair
    slot: int
    steps: int = len(COURSE)
    reason: str | None = None

    async def run(self, desk: Desk) -> None:
        await Ask("applicant_a", "applicant_a", self.slot).run(desk)
        await Decide("approver_a", RequestAction.APPROVE).run(desk)
        await Assign(self.pair, reason=self.reason).run(desk)
        await go_on(desk, COURSE[: self.steps])


@dataclass(frozen=True, slots=True)
class ChangedRide:
    """Let a ride go so many steps far, change it, and let whoever drives then go on."""

    ride: Ride
    changes: tuple[Alter, ...]

    async def run(self, desk: Desk) -> None:
        await self.ride.run(desk)
        for change in self.changes:
            await replace(change, which=0).run(desk)
        await go_on(desk, COURSE[min(self.ride.steps, 1) :])
        await go_on(desk, COURSE)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Assign a vehicle that will be late, take it back, and assign it again."""

    pair: Pair
    slot: int
    first_s: int
    then_s: int
    reason: str | None = None
    who: str = "dispatcher"

    async def run(self, desk: Desk) -> None:
        start_s = int((self.slot * SLOT + timedelta(minutes=30)).total_seconds())
        await Ask("applicant_a", "applicant_a", self.slot).run(desk)
        await Decide("approver_a", RequestAction.APPROVE).run(desk)
        first = Assign(self.pair, arrival_s=start_s + self.first_s, reason="试派")
        await first.run(desk)
        await Step("dispatcher", _A.UNDO).run(desk)
        then = Assign(self.pair, 0, start_s + self.then_s, self.reason, self.who)
        await then.run(desk)


@dataclass(frozen=True, slots=True)
class WaitInVain:
    """Say that the passenger did not come, after the end of the ride."""

    which: int = 0

    async def run(self, desk: Desk) -> None:
        order = await desk.newest(Order, self.which)
        if order is not None and order.period.upper is not None:
            desk.pass_time(order.period.upper + timedelta(hours=4))
            await Step("dispatcher", _A.NO_SHOW, self.which, "未到").run(desk)


@dataclass(frozen=True, slots=True)
class BringIn:
    """Let every vehicle that is still out be called back, so that others may leave again."""

    async def run(self, desk: Desk) -> None:
        async with desk.sessions() as session:
            states = (await session.scalars(select(Order.state).order_by(Order.id.desc()))).all()
        for which, state in enumerate(states):
            if state in OUT:
                await Step("dispatcher", _A.INTERRUPT, which, "收车").run(desk)
