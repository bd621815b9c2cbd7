"""SQL of what is held of a pool, and the lock under which it is."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.capacity.fitting import Ask, VehicleType
from dispatch.capacity.model import Span
from dispatch.capacity.spans import span_of
from dispatch.capacity.tables import CapacityLock, Reservation
from dispatch.capacity.words import ReservationState
from dispatch.eligibility.asking import need_of
from dispatch.sealed.sealed import breaks_seals
from dispatch.tables import Request
from fleet.lists import within


@dataclass(frozen=True, slots=True)
class Held:
    """A reservation that is held, with the request that it was made for."""

    reservation: Reservation
    request: Request

    @property
    def ask(self) -> Ask:
        """What it asks of the pool."""
        one = self.reservation
        wanted = VehicleType(one.category, one.energy, one.holding)
        return ask_of(self.request, wanted, span_of(one.period))


def ask_of(request: Request, wanted: VehicleType, span: Span) -> Ask:
    """Return what a request asks of a pool."""
    return Ask(need_of(request), wanted, span, breaks_seals(request))


async def lock_pools(session: AsyncSession, organisation_nos: Iterable[int]) -> None:
    """Hold pools until the transaction ends, in the order of their numbers.

    Taken after requests, vehicles and drivers, and before the slip counter.
    """
    nos = sorted(set(organisation_nos))
    if not nos:
        return
    if await _locked(session, nos) < len(nos):
        # Nobody has booked of these yet. Whoever else writes the row meanwhile is waited for.
        rows = [{"organisation_no": no} for no in nos]
        await session.execute(insert(CapacityLock).values(rows).on_conflict_do_nothing())
        await _locked(session, nos)


async def _locked(session: AsyncSession, nos: Sequence[int]) -> int:
    """Lock the rows of pools that there are; return how many."""
    locked = await session.scalars(
        select(CapacityLock.organisation_no)
        .where(within(CapacityLock.organisation_no, nos))
        .order_by(CapacityLock.organisation_no)
        .with_for_update()
    )
    return len(locked.all())


async def held_spans(
    session: AsyncSession, organisation_no: int, now: datetime, apart: Collection[UUID] = ()
) -> dict[UUID, Span]:
    """Return by id when each reservation that is held of a pool takes a vehicle, the past apart.

    apart: the requests whose own reservations are left out
    """
    rows = await session.execute(
        select(Reservation.id, Reservation.period)
        .where(
            Reservation.organisation_no == organisation_no,
            Reservation.state == ReservationState.HELD,
            Reservation.period.overlaps(Range(now, None, bounds="[)")),
            Reservation.request_id.not_in(apart),
        )
        .order_by(Reservation.id)
    )
    return {id: span_of(period) for id, period in rows}


async def read_held(session: AsyncSession, ids: Collection[UUID]) -> list[Held]:
    """Return these reservations with their requests, in the order in which they were made."""
    rows = await session.execute(
        select(Reservation, Request)
        .join(Request, Request.id == Reservation.request_id)
        .where(Reservation.id.in_(ids))
        .order_by(Reservation.id)
    )
    return [Held(reservation, request) for reservation, request in rows]
