"""Mobilisations as the API shows them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.mobilisation import schemas, store
from dispatch.mobilisation.tables import Mobilisation, MobilisationOrder
from dispatch.orders.states import OrderState
from dispatch.refs import Refs, load_refs
from dispatch.slips.content import number_text
from dispatch.tables import Order, Slip
from fleet.words import Holding
from kit.errors import DomainError


async def mobilisation_items(
    session: AsyncSession, found: Sequence[Mobilisation]
) -> list[schemas.MobilisationItem]:
    """Return mobilisations as lists show them."""
    refs = await _refs(session, found)
    return [schemas.MobilisationItem.model_validate(_fields(one, refs)) for one in found]


async def mobilisation_detail(
    session: AsyncSession, one: Mobilisation, now: datetime
) -> schemas.MobilisationDetail:
    """Return a mobilisation with what it has called up and what came of it."""
    refs = await _refs(session, [one])
    counts = await store.counts_of(session, one.no)
    holdings = await store.holdings_of(session, one.no, store.as_of(one, now))
    return schemas.MobilisationDetail.model_validate(
        _fields(one, refs)
        | {
            "units": len(await store.units_of(session, one.no)),
            "vehicles": {holding: holdings.get(holding, 0) for holding in Holding},
            "orders": counts.orders,
            "open_orders": counts.open_orders,
            "back_entries": counts.back_entries,
            "overdue": counts.overdue,
        }
    )


async def mobilised_orders(
    session: AsyncSession, rows: Sequence[tuple[MobilisationOrder, Order, Slip | None]]
) -> list[schemas.MobilisedOrder]:
    """Return orders made under a mobilisation as lists show them."""
    refs = await load_refs(
        session,
        vehicles=[order.vehicle_no for _, order, _ in rows],
        drivers=[order.driver_no for _, order, _ in rows],
    )
    return [_order(under, order, slip, refs) for under, order, slip in rows]


async def entered(
    session: AsyncSession,
    mobilisation: Mobilisation,
    made: Sequence[UUID],
    refused: Sequence[tuple[int, DomainError]],
) -> schemas.EnteredOut:
    """Return what was ordered or entered, the first made first, and what was refused."""
    rows = await store.orders_under(session, mobilisation.no, ids=made) if made else []
    place = {id: n for n, id in enumerate(made)}
    shown = await mobilised_orders(session, sorted(rows, key=lambda row: place[row[1].id]))
    return schemas.EnteredOut(
        orders=shown,
        refused=[
            schemas.RefusedRide(
                index=index,
                type=f"/problems/{error.problem_type()}",
                title=type(error).title(),
                detail=error.detail,
            )
            for index, error in refused
        ],
    )


async def _refs(session: AsyncSession, found: Sequence[Mobilisation]) -> Refs:
    return await load_refs(
        session,
        organisations=[one.organisation_no for one in found],
        people=[no for one in found for no in (one.started_by_no, one.ended_by_no)],
    )


def _fields(one: Mobilisation, refs: Refs) -> dict[str, object]:
    return {
        "id": one.id,
        "organisation": refs.organisations[one.organisation_no],
        "level": one.level,
        "name": one.name,
        "basis": one.basis,
        "start": one.period.lower,
        "end": one.period.upper,
        "started": {
            "by": refs.people[one.started_by_no],
            "at": one.started_at,
            "statement": one.start_statement,
            "proof": one.started_proof,
        },
        "ended": {
            "by": refs.people[one.ended_by_no],
            "at": one.ended_at,
            "statement": one.end_statement,
            "proof": one.ended_proof,
        }
        if one.ended_by_no is not None
        else None,
    }


def _order(
    under: MobilisationOrder, order: Order, slip: Slip | None, refs: Refs
) -> schemas.MobilisedOrder:
    start, end, due = order.period.lower, order.period.upper, under.back_entry_due_at
    assert start is not None
    assert end is not None
    return schemas.MobilisedOrder(
        order_id=order.id,
        slip=number_text(slip.year, slip.number) if slip else None,
        state=OrderState(order.state),
        vehicle=refs.vehicles.get(order.vehicle_no or 0),
        driver=refs.drivers.get(order.driver_no or 0),
        start=start,
        end=end,
        entered_at=under.entered_at,
        back_entry_due_at=due,
        overdue=due is not None and under.entered_at > due,
    )
