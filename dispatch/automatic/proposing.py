"""Asks drivers: an exchange (变更征询) of orders that they have accepted is proposed, then settled.

1. An exchange that takes an accepted order from its driver is written down, and nothing changes.
2. Each driver who has accepted one answers; a no ends it, and so do the end of its time and any
   change of its orders. Nobody is asked twice about an order as it stands.
3. Once all have agreed it is weighed anew, from where the vehicles are by then, and made; who has
   agreed has accepted what they get.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.desk import Desk
from dispatch.automatic.exchanging import change_in, keep, may_change
from dispatch.automatic.improving import Better, Improvable, Seen, improvable_again, see
from dispatch.automatic.tables import ExchangePart, ExchangeProposal
from dispatch.automatic.words import ProposalState
from dispatch.matching.problem import Change, Exchange
from dispatch.orders.service import take_step
from dispatch.orders.states import OrderAction
from dispatch.orders.steps import Tap
from fleet.access.loading import load_stand_in
from fleet.acts import Act
from fleet.tables import Driver
from fleet.words import Category
from kit.database import transaction
from kit.ids import new_id

ASK_FOR = timedelta(minutes=2)
"""For how long drivers are asked at most: what a change would save soon is saved no more."""
_ASK_FOR_AT_LEAST = timedelta(seconds=20)
CHANGE = TypeAdapter(Change)


async def propose(desk: Desk, one: Improvable, better: Better) -> bool:
    """Write an exchange down and ask its drivers; return whether there is time for it.

    Raises LeaseLost.
    """
    async with desk.act() as session:
        now = desk.clock()
        expires_at = _expires_at(one, better.exchange, now)
        if expires_at - now < _ASK_FOR_AT_LEAST or _is_confidential(one, better.exchange):
            return False
        proposal = ExchangeProposal(
            id=new_id(),
            round_id=await keep(session, better, "proposal", now),
            actor_no=one.actor.person_no,
            sentence=better.sentence,
            gain_s=better.exchange.gain_s,
            proposed_at=now,
            expires_at=expires_at,
            state=ProposalState.OPEN,
        )
        session.add(proposal)
        await session.flush()
        session.add_all(_part(proposal, one, better.exchange, c) for c in better.exchange.changes)
        told = {"state": ProposalState.OPEN, "expires_at": expires_at.isoformat()}
        orders = [str(one.held[c.request].order_id) for c in better.exchange.changes]
        act = Act(one.actor, now, None, better.sentence)
        _record(session, act, proposal, "propose", None, told | {"orders": orders})
    return True


def _expires_at(one: Improvable, exchange: Exchange, now: datetime) -> datetime:
    """Return until when all must have agreed: then somebody departs, or a promise can't be kept."""
    until = now + ASK_FOR
    for change in exchange.changes:
        promised = one.held[change.request].promised
        if promised.need.start > now:
            until = min(until, promised.need.start)
        if promised.promised_at is not None:
            until = min(until, promised.promised_at - timedelta(seconds=change.to.arrival_s))
    return until


def _is_confidential(one: Improvable, exchange: Exchange) -> bool:
    """Whether somebody would be told of a place that only its own driver is to know."""
    needs = (one.held[change.request].promised.need for change in exchange.changes)
    return any(need.category == Category.CONFIDENTIAL_COURIER for need in needs)


def _part(
    proposal: ExchangeProposal, one: Improvable, exchange: Exchange, change: Change
) -> ExchangePart:
    held = one.held[change.request]
    return ExchangePart(
        proposal_id=proposal.id,
        order_id=held.order_id,
        revision=held.revision,
        driver_no=change.from_driver_no,
        change=CHANGE.dump_python(change, mode="json"),
        is_asked=change.from_driver_no in exchange.drivers_asked,
        is_open=True,
    )


async def open_proposals(session: AsyncSession) -> Sequence[UUID]:
    """Return the proposals that drivers are asked about, the oldest first."""
    rows = await session.scalars(
        select(ExchangeProposal.id)
        .where(ExchangeProposal.state == ProposalState.OPEN)
        .order_by(ExchangeProposal.id)
    )
    return rows.all()


async def locked(
    session: AsyncSession, id: UUID
) -> tuple[ExchangeProposal, Sequence[ExchangePart]] | None:
    """Return a proposal with its parts, locked; None once it is over."""
    proposal = await session.scalar(
        select(ExchangeProposal)
        .where(ExchangeProposal.id == id, ExchangeProposal.state == ProposalState.OPEN)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if proposal is None:
        return None
    parts = select(ExchangePart).where(ExchangePart.proposal_id == id)
    fresh = parts.order_by(ExchangePart.order_id).execution_options(populate_existing=True)
    return proposal, (await session.scalars(fresh)).all()


async def settle(desk: Desk, id: UUID, per_minute: int) -> int:
    """Make, end or leave open a proposal; return how many orders were changed.

    Raises LeaseLost, and the errors of `change_order` where it can't be made any more.
    """
    async with transaction(desk.sessions) as session:
        now = desk.clock()
        read = await locked(session, id)
        if read is None:
            return 0
        proposal, parts = read
        found = await improvable_again(session, now, [part.order_id for part in parts])
    one = found[0] if len(found) == 1 and _stands(found[0], parts) else None
    if now >= proposal.expires_at or one is None:
        over = ProposalState.OVERTAKEN if one is None else ProposalState.EXPIRED
        await end(desk, id, over)
        return 0
    if any(part.is_asked and part.answer is None for part in parts):
        return 0
    better = await _weighed_anew(await see(desk, one), parts, proposal.gain_s)
    if better is None:
        await end(desk, id, ProposalState.OVERTAKEN)
        return 0
    async with desk.act() as session:
        now, read = desk.clock(), await locked(session, id)
        if read is None or not await may_change(session, one, better.exchange, per_minute, now):
            return 0
        await change_in(session, one, better, proposal.round_id, now)
        await _accept(session, one, better.exchange, now)
        _over(session, Act(one.actor, now, None), *read, ProposalState.EXCHANGED)
    return len(better.exchange.changes)


def _stands(one: Improvable, parts: Sequence[ExchangePart]) -> bool:
    held = {held.order_id: held.revision for held in one.held.values()}
    return held == {part.order_id: part.revision for part in parts}


async def _weighed_anew(seen: Seen, parts: Sequence[ExchangePart], gain_s: int) -> Better | None:
    """Return the exchange with the ways as they are now; None where it isn't worth it any more."""
    changes = []
    for change in (CHANGE.validate_python(part.change) for part in parts):
        way = await asyncio.to_thread(seen.way, change.to.vehicle_no, change.request)
        if way is None:
            return None
        to = replace(change.to, arrival_s=round(way[0]), empty_m=round(way[1]))
        changes.append(replace(change, to=to))
    asked = tuple(part.driver_no for part in parts if part.is_asked)
    return await asyncio.to_thread(seen.worth, Exchange(tuple(changes), asked, gain_s))


async def _accept(
    session: AsyncSession, one: Improvable, exchange: Exchange, now: datetime
) -> None:
    """Let those who have agreed accept what they get: nobody is asked for a second tap."""
    for change in exchange.changes:
        if change.to.driver_no not in exchange.drivers_asked:
            continue
        person = select(Driver.person_no).where(Driver.no == change.to.driver_no)
        driver = await load_stand_in(session, (await session.scalars(person)).one(), now)
        if driver is not None:
            order_id = one.held[change.request].order_id
            await take_step(session, driver, order_id, OrderAction.ACCEPT, Tap(), now, None)


async def end(desk: Desk, id: UUID, state: ProposalState) -> None:
    """End a proposal of which nothing comes. Raises LeaseLost."""
    async with desk.act() as session:
        now, read = desk.clock(), await locked(session, id)
        if read is not None:
            actor = await load_stand_in(session, read[0].actor_no, now)
            _over(session, Act(actor, now), *read, state)


def decline(
    session: AsyncSession, act: Act, proposal: ExchangeProposal, parts: Sequence[ExchangePart]
) -> None:
    """End a locked proposal, to which a driver has said no."""
    _over(session, act, proposal, parts, ProposalState.DECLINED)


def _over(
    session: AsyncSession,
    act: Act,
    proposal: ExchangeProposal,
    parts: Sequence[ExchangePart],
    state: ProposalState,
) -> None:
    proposal.state, proposal.ended_at = state, act.now
    for part in parts:
        part.is_open = False
    _record(session, act, proposal, "end", {"state": ProposalState.OPEN}, {"state": state})


def _record(
    session: AsyncSession,
    act: Act,
    proposal: ExchangeProposal,
    what: str,
    before: dict[str, object] | None,
    after: dict[str, object],
) -> None:
    action = f"exchange_proposal.{what}"
    act.record(session, action, "exchange_proposal", proposal.id, before=before, after=after)
