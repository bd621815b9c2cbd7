"""Use cases of legal holds (证据保全) and of the rules of retention."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.organisations.store import Scope
from fleet.people.tables import Person
from fleet.retention import store
from fleet.retention.errors import HoldOfNothing, HoldReleased, KeptTooShort
from fleet.retention.kinds import LIMITS
from fleet.retention.schemas import NewHold, NewRules
from fleet.retention.tables import Hold, RetentionRule
from fleet.vehicles.tables import Vehicle


async def place_hold(
    session: AsyncSession, act: Act, body: NewHold, scope: Scope
) -> tuple[Hold, Vehicle | None, Person | None]:
    """Keep what a case or letter names from erasure, from this transaction on.

    Raises HoldOfNothing, EmptyPeriod, NotFound.
    """
    assert act.actor is not None
    held = period(body.start, body.end)
    vehicle: Vehicle | None = None
    person: Person | None = None
    if body.vehicle_id is not None and body.person_id is None:
        vehicle, organisation_no = await store.vehicle_of(session, body.vehicle_id, scope)
    elif body.person_id is not None and body.vehicle_id is None:
        person, organisation_no = await store.person_of(session, body.person_id, scope)
    else:
        raise HoldOfNothing
    await store.lock_retention(session)
    hold = Hold(
        case_number=body.case_number,
        reason=body.reason,
        organisation_no=organisation_no,
        vehicle_no=vehicle.no if vehicle else None,
        person_no=person.no if person else None,
        period=held,
        placed_by_no=act.actor.person_no,
        placed_at=act.now,
    )
    session.add(hold)
    await session.flush()
    act.record(
        session,
        "hold.place",
        "hold",
        hold.id,
        organisation_no=organisation_no,
        after={
            "case_number": body.case_number,
            "reason": body.reason,
            "vehicle": str(body.vehicle_id) if body.vehicle_id else None,
            "person": str(body.person_id) if body.person_id else None,
            "start": body.start.isoformat(),
            "end": body.end.isoformat() if body.end else None,
        },
    )
    return hold, vehicle, person


async def release_hold(session: AsyncSession, act: Act, id: UUID, scope: Scope) -> Hold:
    """Let retention have what the hold kept, at its next run. Raises NotFound, HoldReleased."""
    assert act.actor is not None
    await store.lock_retention(session)
    hold = await store.hold_in(session, id, scope)
    if hold.released_at is not None:
        raise HoldReleased
    hold.released_at = act.now
    hold.released_by_no = act.actor.person_no
    act.record(
        session,
        "hold.release",
        "hold",
        hold.id,
        organisation_no=hold.organisation_no,
        before={"case_number": hold.case_number, "released_at": None},
        after={"released_at": act.now.isoformat()},
    )
    await session.flush()
    return hold


async def set_rules(session: AsyncSession, act: Act, body: NewRules) -> None:
    """Say how long kinds of data are kept from now on. Raises KeptTooShort."""
    assert act.actor is not None
    await store.lock_retention(session)
    standing = await store.rules_in_force(session, act.now)
    wanted = {rule.kind: rule.keep_days for rule in body.rules}
    for kind, days in wanted.items():
        if days < LIMITS[kind].minimum_days:
            raise KeptTooShort(f"{kind} must be kept for {LIMITS[kind].minimum_days} days.")
        before = standing.get(kind)
        kept = before.keep_days if before else LIMITS[kind].default_days
        if kept == days:
            continue
        if before is not None:
            await store.end_rule(session, before, act.now)
        session.add(
            RetentionRule(
                kind=kind,
                keep_days=days,
                period=Range(act.now, None, bounds="[)"),
                set_by_no=act.actor.person_no,
            )
        )
        act.record(
            session,
            "retention.set",
            "retention_rule",
            None,
            before={"kind": kind, "keep_days": kept},
            after={"kind": kind, "keep_days": days},
        )
    await session.flush()
