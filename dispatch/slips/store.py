"""SQL of slips."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.tables import Slip, SlipAmendment, SlipCounter
from fleet.tables import Person


async def next_number(session: AsyncSession, issuer_no: int, year: int) -> int:
    """Return the issuer's next slip number of a year.

    The counter's row stays locked until the transaction ends: whoever rolls back gives the number
    back, and so there are no gaps. Take it last, because others wait for it.
    """
    statement = (
        insert(SlipCounter)
        .values(issuer_no=issuer_no, year=year, last_number=1)
        .on_conflict_do_update(
            index_elements=[SlipCounter.issuer_no, SlipCounter.year],
            set_={"last_number": SlipCounter.last_number + 1},
        )
        .returning(SlipCounter.last_number)
    )
    return (await session.execute(statement)).scalar_one()


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


async def amendments_of(session: AsyncSession, slip_id: UUID) -> Sequence[SlipAmendment]:
    """Return what was changed after a slip was issued, in order."""
    return (
        await session.scalars(
            select(SlipAmendment)
            .where(SlipAmendment.slip_id == slip_id)
            .order_by(SlipAmendment.number)
        )
    ).all()


async def phones_of(session: AsyncSession, person_nos: Sequence[int]) -> list[str]:
    """Return the telephone numbers that these people have given, in the order of the people."""
    rows = await session.execute(
        select(Person.no, Person.phone).where(Person.no.in_(person_nos), Person.phone.is_not(None))
    )
    phones = {row.no: row.phone for row in rows}
    return [phones[no] for no in person_nos if no in phones]
