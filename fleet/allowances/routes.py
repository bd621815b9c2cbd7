"""Routes of the transport allowance (公务交通补贴)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.allowances import schemas, store
from fleet.allowances.saying import say_allowance
from fleet.allowances.tables import PersonAllowance
from fleet.lists import Paging
from fleet.people.store import lock_person, organisations_of, person_in
from fleet.permissions import Permission
from kit.web import Address, DbSession, Now

router = APIRouter(tags=["people"])


@router.get("/people/{id}/allowances")
async def list_allowances(
    id: UUID,
    actor: Annotated[Actor, Allow(Permission.ALLOWANCE_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
) -> schemas.AllowancePage:
    """List when a person within scope draws and drew the transport allowance, the newest first."""
    person = await person_in(session, id, actor.scope(Permission.ALLOWANCE_READ), now)
    page = await store.allowances_of(session, person.no, part)
    return schemas.AllowancePage(
        items=[_shown(one) for one in page.items], next_cursor=page.next_cursor
    )


@router.put("/people/{id}/allowance")
async def set_allowance(
    id: UUID,
    body: schemas.AllowanceIn,
    actor: Annotated[Actor, Allow(Permission.ALLOWANCE_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.AllowanceOut:
    """Write whether a person within scope draws the allowance, from an instant on."""
    scope = actor.scope(Permission.ALLOWANCE_WRITE)
    person = await person_in(session, id, scope, now)
    await lock_person(session, person)
    belonging = (await organisations_of(session, [person.no], now))[person.no]
    said = await say_allowance(
        session,
        Act(actor, now, address, body.reason),
        person=person,
        organisation_no=min(no for no in belonging if no in scope),
        draws=body.draws_allowance,
        since=body.start,
    )
    return _shown(said)


def _shown(row: PersonAllowance) -> schemas.AllowanceOut:
    assert row.period.lower is not None
    return schemas.AllowanceOut(
        draws_allowance=row.draws,
        start=row.period.lower,
        end=row.period.upper,
        recorded_at=row.recorded_at,
    )
