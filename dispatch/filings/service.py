"""Use cases of filings (报备): file, accept, withdraw. Nobody accepts a filing of their own.

A filing is accepted in advance: of a period that has ended there is nothing left to file.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.errors import EmptyPeriod, FilingSettled, OwnFiling, PeriodInThePast, PeriodTooLong
from dispatch.filings import store
from dispatch.filings.schemas import FilingIn, FilingItem
from dispatch.orders.store import mark_days
from dispatch.refs import load_refs
from dispatch.schemas import PeriodOut
from dispatch.tables import Filing
from fleet import journal
from fleet.access import Actor
from fleet.permissions import Permission
from kit.clock import days_between
from kit.errors import NotFound
from kit.ids import new_id

LONGEST = timedelta(days=366)
"""Whatever a filing states, it is stated anew each year."""


async def file(
    session: AsyncSession, actor: Actor, wish: FilingIn, now: datetime, address: str | None
) -> Filing:
    """Write a filing for a vehicle of the actor's units.

    Raises EmptyPeriod, PeriodInThePast, PeriodTooLong or NotFound.
    """
    if wish.end <= wish.start:
        raise EmptyPeriod
    if wish.end <= now:
        raise PeriodInThePast("The period has ended; a filing is made in advance.")
    if wish.end - wish.start > LONGEST:
        raise PeriodTooLong(f"The longest filing is {LONGEST.days} days.")
    scope = actor.scope(Permission.FILING_WRITE)
    vehicle = await store.vehicle_and_unit(session, wish.vehicle_id, scope, now)
    if vehicle is None:
        raise NotFound
    filing = Filing(
        id=new_id(),
        vehicle_no=vehicle.vehicle_no,
        organisation_no=vehicle.unit_no,
        kind=wish.kind,
        period=Range(wish.start, wish.end, bounds="[)"),
        reason=wish.reason,
        place_name=wish.place_name,
        filed_by_no=actor.person_no,
    )
    session.add(filing)
    _journal(session, actor, filing, "file", now, address, wish.model_dump(mode="json"))
    await session.flush()
    return filing


async def accept(
    session: AsyncSession, actor: Actor, filing_id: UUID, now: datetime, address: str | None
) -> Filing:
    """Accept a filing; it explains what is driven from now on, and nothing driven before.

    Raises NotFound, OwnFiling or FilingSettled.
    """
    filing = await store.lock_filing(session, filing_id, actor.scope(Permission.FILING_ACCEPT))
    if filing is None:
        raise NotFound
    if filing.filed_by_no == actor.person_no:
        raise OwnFiling
    if filing.accepted_at is not None or filing.withdrawn_at is not None:
        raise FilingSettled
    filing.accepted_at = now
    filing.accepted_by_no = actor.person_no
    _mark(session, filing, now)
    _journal(session, actor, filing, "accept", now, address, {"state": "accepted"})
    await session.flush()
    return filing


async def withdraw(
    session: AsyncSession, actor: Actor, filing_id: UUID, now: datetime, address: str | None
) -> Filing:
    """Withdraw a filing; from now on it explains nothing. Raises NotFound or FilingSettled."""
    filing = await store.lock_filing(session, filing_id, actor.scope(Permission.FILING_WRITE))
    if filing is None:
        raise NotFound
    if filing.withdrawn_at is not None:
        raise FilingSettled
    filing.withdrawn_at = now
    if filing.accepted_at is not None:
        _mark(session, filing, now)
    _journal(session, actor, filing, "withdraw", now, address, {"state": "withdrawn"})
    await session.flush()
    return filing


async def filing_items(session: AsyncSession, filings: Sequence[Filing]) -> list[FilingItem]:
    """Return filings as the API shows them."""
    refs = await load_refs(
        session,
        organisations=[f.organisation_no for f in filings],
        people=[*(f.filed_by_no for f in filings), *(f.accepted_by_no for f in filings)],
        vehicles=[f.vehicle_no for f in filings],
    )
    return [
        FilingItem.model_validate(
            {
                "id": f.id,
                "state": _state(f),
                "vehicle": refs.vehicles[f.vehicle_no],
                "unit": refs.organisations[f.organisation_no],
                "kind": f.kind,
                "period": PeriodOut.model_validate(
                    {"start": f.period.lower, "end": f.period.upper}
                ),
                "reason": f.reason,
                "place_name": f.place_name,
                "filed_by": refs.people[f.filed_by_no],
                "accepted_by": refs.people[f.accepted_by_no] if f.accepted_by_no else None,
                "accepted_at": f.accepted_at,
                "withdrawn_at": f.withdrawn_at,
            }
        )
        for f in filings
    ]


def _state(filing: Filing) -> str:
    if filing.withdrawn_at is not None:
        return "withdrawn"
    return "accepted" if filing.accepted_at is not None else "filed"


def _mark(session: AsyncSession, filing: Filing, now: datetime) -> None:
    """Have the days settled anew that have begun; later ones are settled in their time."""
    since, until = filing.period.lower, filing.period.upper
    if since is not None and since <= now:
        days = days_between(since, min(until or now, now))
        mark_days(session, filing.vehicle_no, days, "filing")


def _journal(
    session: AsyncSession,
    actor: Actor,
    filing: Filing,
    action: str,
    now: datetime,
    address: str | None,
    after: dict[str, object],
) -> None:
    journal.record(
        session,
        actor=actor,
        action=f"filing.{action}",
        object_kind="filing",
        object_id=filing.id,
        now=now,
        organisation_no=filing.organisation_no,
        after=after,
        address=address,
    )
