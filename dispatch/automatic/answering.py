"""Use cases of drivers who are asked about an exchange: what it is to them, and their answer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.errors import ProposalOver
from dispatch.automatic.proposing import CHANGE, decline, locked
from dispatch.automatic.schemas import OtherRide, ProposalOut
from dispatch.automatic.tables import ExchangePart, ExchangeProposal
from dispatch.automatic.words import ProposalAnswer
from dispatch.orders.promise_store import promised_pickups
from dispatch.requests.views import pickup
from dispatch.tables import Order, Request
from fleet.access import Actor
from fleet.acts import Act
from fleet.permissions import Permission
from fleet.tables import Driver
from kit.errors import NotFound


def _own(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the actor is the driver who is asked about a part."""
    drives = select(Driver.no).where(Driver.person_no == actor.person_no)
    scope = actor.own_scope(Permission.ORDER_DRIVE)
    within = true() if scope is None else Order.organisation_no.in_(scope)
    return and_(ExchangePart.is_asked, ExchangePart.driver_no.in_(drives), within)


async def proposals_of(session: AsyncSession, actor: Actor, now: datetime) -> list[ProposalOut]:
    """Return what the actor is asked about now."""
    rows = await session.execute(
        select(ExchangeProposal, ExchangePart)
        .join(ExchangePart, ExchangePart.proposal_id == ExchangeProposal.id)
        .join(Order, Order.id == ExchangePart.order_id)
        .where(ExchangePart.is_open, ExchangeProposal.expires_at > now, _own(actor))
        .order_by(ExchangeProposal.id)
    )
    return [await _shown(session, proposal, part) for proposal, part in rows.all()]


async def answer(
    session: AsyncSession, act: Act, id: UUID, actor: Actor, *, agree: bool
) -> ProposalOut:
    """Write down what a driver answers; a no ends the proposal. Raises NotFound, ProposalOver."""
    own = await session.scalar(
        select(ExchangePart)
        .join(Order, Order.id == ExchangePart.order_id)
        .where(ExchangePart.proposal_id == id, _own(actor))
    )
    if own is None:
        raise NotFound
    said = ProposalAnswer.AGREED if agree else ProposalAnswer.DECLINED
    read = await locked(session, id)
    order = await session.get_one(Order, own.order_id)
    if read is None or act.now >= read[0].expires_at or order.revision != own.revision:
        raise ProposalOver
    if own.answer is not None and own.answer != said:
        raise ProposalOver
    if own.answer is None:
        own.answer, own.answered_at = said, act.now
        act.record(
            session,
            "exchange_proposal.answer",
            "exchange_proposal",
            id,
            organisation_no=order.organisation_no,
            before={"order": str(order.id), "answer": None},
            after={"order": str(order.id), "answer": said},
        )
        if not agree:
            decline(session, act, *read)
        await session.flush()
    return await _shown(session, read[0], own)


async def _shown(
    session: AsyncSession, proposal: ExchangeProposal, own: ExchangePart
) -> ProposalOut:
    """Show a proposal to one driver: their own order, and the ride that they would get."""
    parts = await session.scalars(
        select(ExchangePart).where(ExchangePart.proposal_id == proposal.id)
    )
    changes = [CHANGE.validate_python(part.change) for part in parts]
    mine = next((c for c in changes if c.to.driver_no == own.driver_no), None)
    instead = None
    if mine is not None:
        request = await session.get_one(Request, mine.request)
        told = await promised_pickups(session, [request.id])
        instead = OtherRide(
            start=request.period.lower,
            promised_pickup_at=told.get(request.id),
            origin=pickup(request),
            arrival_s=mine.to.arrival_s,
        )
    return ProposalOut(
        id=proposal.id,
        order_id=own.order_id,
        expires_at=proposal.expires_at,
        answer=ProposalAnswer(own.answer) if own.answer else None,
        instead=instead,
    )
