"""Routes of delegations: everybody's own, lent in person.

An API token may do less than its person, and could lend a deputy all that the person may.
"""

from uuid import UUID

from fastapi import APIRouter

from fleet.acts import Act
from fleet.delegations import schemas, store
from fleet.delegations.delegating import delegate, end_delegation
from fleet.identity.proofs import InPerson
from fleet.lists import AnyRow, Paging
from fleet.organisations.store import organisation_in
from fleet.people.store import person_in
from fleet.refs import Named
from fleet.words import Role
from kit.errors import NotFound
from kit.web import Address, DbSession, Now

router = APIRouter(tags=["delegations"])


@router.get("/delegations")
async def list_delegations(
    actor: InPerson, session: DbSession, part: Paging
) -> schemas.DelegationPage:
    """List the roles that one has lent and was lent, newest first."""
    page = await store.delegations_of(session, actor.person_no, part)
    return schemas.DelegationPage(
        items=[_shown(row) for row in page.items], next_cursor=page.next_cursor
    )


@router.post("/delegations", status_code=201)
async def add_delegation(
    body: schemas.NewDelegation, actor: InPerson, session: DbSession, now: Now, address: Address
) -> schemas.DelegationOut:
    """Lend a role of one's own to somebody of the same organisation, for a period."""
    places = frozenset(grant.organisation_no for grant in actor.grants)
    organisation = await organisation_in(session, body.organisation_id, places)
    deputy = await person_in(session, body.deputy_id, frozenset({organisation.no}), now)
    if deputy.disabled_at is not None:
        raise NotFound("There is no such person in that organisation.")
    made = await delegate(
        session,
        Act(actor, now, address, body.reason),
        actor,
        deputy=deputy,
        role=body.role,
        organisation=organisation,
        start=body.start,
        end=body.end,
        reason=body.reason,
    )
    return _shown(await store.delegation_row(session, made.id, actor.person_no))


@router.post("/delegations/{id}/end")
async def end_one_delegation(
    id: UUID, actor: InPerson, session: DbSession, now: Now, address: Address
) -> schemas.DelegationOut:
    """Take back a role that one has lent, or lay down one that one was lent."""
    row = await store.delegation_row(session, id, actor.person_no)
    await end_delegation(session, Act(actor, now, address), row[0])
    return _shown(row)


def _shown(row: AnyRow) -> schemas.DelegationOut:
    one = row[0]
    return schemas.DelegationOut(
        id=one.id,
        giver=Named(id=row.giver_id, name=row.giver_name),
        deputy=Named(id=row.deputy_id, name=row.deputy_name),
        role=Role(one.role),
        organisation=Named(id=row.organisation_id, name=row.organisation_name),
        start=one.period.lower,
        end=one.period.upper,
        reason=one.reason,
        withdrawn_at=one.withdrawn_at,
    )
