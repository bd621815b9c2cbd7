"""SQL of slips."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.tables import OrderWaypoint, Slip, SlipAmendment, SlipCounter
from fleet.lists import within
from fleet.tables import Person


async def next_numbers(
    session: AsyncSession, issuer_no: int, year: int, count: int
) -> Sequence[int]:
    """Return so many of the issuer's next slip numbers of a year.

    The counter's row stays locked until the transaction ends: whoever rolls back gives the numbers
    back, and so there are no gaps. Take them last, because others wait for them.
    """
    statement = (
        insert(SlipCounter)
        .values(issuer_no=issuer_no, year=year, last_number=count)
        .on_conflict_do_update(
            index_elements=[SlipCounter.issuer_no, SlipCounter.year],
            set_={"last_number": SlipCounter.last_number + count},
        )
        .returning(SlipCounter.last_number)
    )
    last = (await session.execute(statement)).scalar_one()
    return range(last - count + 1, last + 1)


async def slip_of(session: AsyncSession, order_id: UUID) -> Slip | None:
    """Return the slip of an order."""
    return (await session.scalars(select(Slip).where(Slip.order_id == order_id))).one_or_none()


async def slips_of_orders(session: AsyncSession, order_ids: Sequence[UUID]) -> dict[UUID, Slip]:
    """Return the slips of these orders, by the order's id."""
    slips = await session.scalars(select(Slip).where(Slip.order_id.in_(order_ids)))
    return {slip.order_id: slip for slip in slips}


async def last_amendment(session: AsyncSession, slip_id: UUID) -> int:
    """Return the number of a slip's newest amendment, 0 where there is none."""
    newest = select(func.max(SlipAmendment.number)).where(SlipAmendment.slip_id == slip_id)
    return await session.scalar(newest) or 0


async def was_shared(session: AsyncSession, order_id: UUID) -> bool:
    """Whether several requests ever rode together in an order."""
    planned = exists().where(OrderWaypoint.order_id == order_id)
    return bool(await session.scalar(select(planned)))


async def amendments_of(session: AsyncSession, slip_id: UUID) -> Sequence[SlipAmendment]:
    """Return what was changed after a slip was issued, in order."""
    return (
        await session.scalars(
            select(SlipAmendment)
            .where(SlipAmendment.slip_id == slip_id)
            .order_by(SlipAmendment.number)
        )
    ).all()


async def phones_of(session: AsyncSession, person_nos: Sequence[int]) -> dict[int, str]:
    """Return the telephone numbers of those of these people who have given one."""
    rows = await session.execute(
        select(Person.no, Person.phone).where(
            within(Person.no, person_nos), Person.phone.is_not(None)
        )
    )
    return {row.no: row.phone for row in rows}
