"""One round: what waits, in which order, one by one or matched together."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from dispatch.automatic.batching import Group, fleet_of, groups_of, match
from dispatch.automatic.deciding import ALL_TAKEN, Decided, Picked, decide, leave, refused
from dispatch.automatic.desk import Desk
from dispatch.automatic.exchanging import change
from dispatch.automatic.improving import Improvable, better, improvable
from dispatch.automatic.isolation import Isolated
from dispatch.automatic.proposing import end, open_proposals, propose, settle
from dispatch.automatic.state import AutoDispatchState, Bounds
from dispatch.automatic.waiting import Awaiting, Rule, awaiting, is_said_anywhere, rule_of
from dispatch.automatic.words import AutoDispatchOutcome, AutoDispatchStop, ProposalState
from dispatch.errors import DriverBusy, StaleRevision, StepNotAllowed, VehicleBusy
from dispatch.matching.immediate import ImmediatePolicy, improves, is_due, is_light
from dispatch.retrying import retried
from fleet.rules.auto_dispatch import AutoDispatchMode
from kit.database import transaction
from kit.errors import DomainError, NotFound
from tracking.leases import LeaseLost

Hold = Callable[[], Awaitable[bool]]

_CHANGED = (StaleRevision, StepNotAllowed, NotFound)
_TAKEN = (VehicleBusy, DriverBusy)
_ATTEMPTS = 3
POLICY = ImmediatePolicy()
# Another vehicle or request may have changed these; the others only a person changes.
_MOVES_ON = frozenset(
    {AutoDispatchStop.NO_CANDIDATE, AutoDispatchStop.PACE, AutoDispatchStop.REFUSED}
)


@dataclass(frozen=True, slots=True)
class _Tried:
    """When a request was last gone through, as it stood then, and when to do so again."""

    revision: int
    again_at: datetime
    stop: AutoDispatchStop | None = None


class Round:
    """Goes through what waits; remembers what it has tried, so that nothing is asked in vain."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._improved_at: datetime | None = None
        self._batched_at: dict[int, datetime] = {}
        self._tried: dict[UUID, _Tried] = {}

    async def run(self, desk: Desk, state: AutoDispatchState, hold: Hold, *, moved: bool) -> None:
        """Decide what is due, at most `per_round` requests. Raises LeaseLost.

        moved: whether a request or an order has moved since the last round
        """
        waiting, groups = await self._waiting(desk)
        state.waiting = len(waiting)
        self._tried = {one.id: self._tried[one.id] for one in waiting if one.id in self._tried}
        now = desk.clock()
        due = {one.id: one for one in waiting if self._is_due(one, now, moved=moved)}
        left = self._bounds.per_round
        for group in groups:
            if due.keys().isdisjoint(group.waiting):
                continue
            assigned = None
            ids = [str(id) for id in group.waiting]
            with Isolated(state, "requests are matched one by one instead", requests=ids):
                assigned = await self._matched(desk, state, hold, group, left)
            if assigned is not None:
                left -= assigned
                due = {id: one for id, one in due.items() if id not in group.waiting}
        for one in list(due.values())[: max(left, 0)]:
            await self._go_through(desk, state, hold, one)
        await self._settle(desk, state, hold)
        if improves(self._improved_at, now, POLICY):
            self._improved_at = now
            await self._improve(desk, state, hold)

    async def _improve(self, desk: Desk, state: AutoDispatchState, hold: Hold) -> None:
        """Change what was assigned automatically where somebody waits less by it."""
        found: list[Improvable] = []
        with Isolated(state, "nothing is improved"):
            async with transaction(desk.sessions) as session:
                if await is_said_anywhere(session, desk.clock()):
                    found = await improvable(session, desk.clock())
        for one in found:
            ids = [str(id) for id in one.held]
            with Isolated(state, "these requests are not improved", requests=ids):
                await self._improve_of(desk, state, hold, one)

    async def _improve_of(
        self, desk: Desk, state: AutoDispatchState, hold: Hold, one: Improvable
    ) -> None:
        for found in await better(desk, one):
            if not await hold():
                raise LeaseLost
            if found.exchange.drivers_asked:
                await retried(partial(propose, desk, one, found))
                continue
            unit = partial(change, desk, one, found, self._bounds.per_minute)
            try:
                if await retried(unit):
                    state.reassigned += len(found.exchange.changes)
            except DomainError:
                # Somebody was faster, or a promise would become later: everything stays.
                state.conflicts += 1

    async def _settle(self, desk: Desk, state: AutoDispatchState, hold: Hold) -> None:
        """Make the exchanges to which all drivers have agreed, and end those that are over."""
        async with transaction(desk.sessions) as session:
            asked = await open_proposals(session)
        for id in asked:
            if not await hold():
                raise LeaseLost
            with Isolated(state, "a proposal is not settled", proposal=str(id)):
                try:
                    unit = partial(settle, desk, id, self._bounds.per_minute)
                    state.reassigned += await retried(unit)
                except DomainError:
                    # Somebody was faster, or a promise would become later: everything stays.
                    state.conflicts += 1
                    await end(desk, id, ProposalState.OVERTAKEN)

    async def _matched(
        self, desk: Desk, state: AutoDispatchState, hold: Hold, group: Group, most: int
    ) -> int | None:
        """Match a group together where vehicles are short; return how many were assigned.

        None while there is a free vehicle for each: then nobody waits for a batch.
        """
        fleet = await fleet_of(desk, group)
        if is_light(len(group.asked), fleet.free_for(group.asked)):
            return None
        person_no, now = group.actor.person_no, desk.clock()
        gathered_since = self._batched_at.get(person_no)
        if most < 1 or not is_due(len(group.asked), 0, gathered_since, now, POLICY):
            return 0
        if not await hold():
            raise LeaseLost
        batch = await match(desk, group, fleet)
        self._batched_at[person_no] = now
        for one, picked in batch.picked[:most]:
            await self._go_through(desk, state, hold, one, picked)
        for one in batch.unserved[:most]:
            await self._leave_unserved(desk, state, hold, one)
        return len(batch.picked[:most])

    async def _leave_unserved(
        self, desk: Desk, state: AutoDispatchState, hold: Hold, one: Awaiting
    ) -> None:
        if not await hold():
            raise LeaseLost
        decided = None
        with Isolated(state, "a request is not noted as left", request=str(one.id)):
            decided = await leave(desk, one, ALL_TAKEN)
        if decided is not None:
            _count(state, decided)
            self._remember(one, desk.clock(), self._bounds.retry_s, decided.stop)

    async def _waiting(self, desk: Desk) -> tuple[list[Awaiting], list[Group]]:
        """Return what awaits dispatch where auto-dispatch is on, and who may be matched."""
        async with transaction(desk.sessions) as session:
            now = desk.clock()
            if not await is_said_anywhere(session, now):
                return [], []
            found = await awaiting(session, now)
            rules: dict[int, Rule] = {}
            for unit_no in sorted({one.unit_no for one in found}):
                rules[unit_no] = await rule_of(session, unit_no, now)
            on = [one for one in found if rules[one.unit_no].mode is not AutoDispatchMode.OFF]
            return on, await groups_of(session, on, rules, now)

    def _is_due(self, one: Awaiting, now: datetime, *, moved: bool) -> bool:
        tried = self._tried.get(one.id)
        if tried is None or tried.revision != one.revision or now >= tried.again_at:
            return True
        return moved and tried.stop in _MOVES_ON

    async def _go_through(
        self,
        desk: Desk,
        state: AutoDispatchState,
        hold: Hold,
        one: Awaiting,
        picked: Picked | None = None,
    ) -> None:
        """Decide one request; whatever is wrong with it keeps no other waiting."""
        if not await hold():
            raise LeaseLost
        decided = None
        with Isolated(state, "a request is passed over", request=str(one.id)) as tried:
            decided = await self._decided(desk, state, one, picked)
        if tried.failed:
            self._remember(one, desk.clock(), self._bounds.errors_s)
            return
        if decided is None:
            self._tried.pop(one.id, None)
            return
        _count(state, decided)
        is_shown = decided.outcome is AutoDispatchOutcome.SUGGESTED
        again_s = self._bounds.refresh_s if is_shown else self._bounds.retry_s
        self._remember(one, desk.clock(), again_s, decided.stop)

    async def _decided(
        self, desk: Desk, state: AutoDispatchState, one: Awaiting, picked: Picked | None
    ) -> Decided | None:
        for _ in range(_ATTEMPTS):
            try:
                unit = partial(decide, desk, one, self._bounds.per_minute, picked)
                return await retried(unit)
            except _CHANGED:
                return None
            except _TAKEN:
                # Somebody was faster: the ranking is made anew, without that vehicle.
                state.conflicts += 1
                picked = None
            except DomainError as error:
                return await leave(desk, one, refused(error))
        return None

    def _remember(
        self, one: Awaiting, now: datetime, again_s: int, stop: AutoDispatchStop | None = None
    ) -> None:
        again_at = now + timedelta(seconds=again_s)
        self._tried[one.id] = _Tried(one.revision, again_at, stop)


def _count(state: AutoDispatchState, decided: Decided) -> None:
    match decided.outcome:
        case AutoDispatchOutcome.SUGGESTED:
            state.suggested += 1
        case AutoDispatchOutcome.ASSIGNED:
            state.assigned += 1
        case AutoDispatchOutcome.LEFT if decided.stop:
            state.left[decided.stop] += 1
