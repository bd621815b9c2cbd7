"""Routes of one's own API tokens."""

from uuid import UUID

from fastapi import APIRouter

from fleet.identity import schemas, store
from fleet.identity.api_tokens import live_tokens, make_token, revoke_token
from fleet.identity.proofs import InPerson
from fleet.identity.tables import ApiToken
from fleet.identity.visits import OnVisit
from fleet.organisations.store import organisation_in
from fleet.refs import Named
from kit.web import DbSession, Now

router = APIRouter()


@router.get("/tokens")
async def list_tokens(actor: InPerson, session: DbSession, now: Now) -> schemas.TokenPage:
    """List one's own API tokens in force, newest first; never more than 50."""
    rows = await live_tokens(session, actor.person_no, now)
    tops = await store.tops_of(session, rows)
    return schemas.TokenPage(items=[_view(row, tops) for row in rows])


@router.post("/tokens", status_code=201)
async def create_token(
    body: schemas.NewToken, actor: InPerson, session: DbSession, visit: OnVisit
) -> schemas.MadeTokenOut:
    """Make an API token with some of one's own permissions; it is shown this once."""
    top = None
    if body.organisation_id is not None:
        # Every permission must hold at the top, so that none reaches beyond its own scope.
        scope = frozenset.intersection(*(actor.scope(one) for one in body.permissions))
        top = await organisation_in(session, body.organisation_id, scope)
    made = await make_token(
        session,
        visit.act(actor),
        actor,
        name=body.name,
        permissions=frozenset(body.permissions),
        organisation=top,
        expires_at=body.expires_at,
    )
    tops = {top.no: Named(id=top.id, name=top.name)} if top is not None else {}
    return schemas.MadeTokenOut(token=made.text, **_view(made.row, tops).model_dump())


@router.delete("/tokens/{token_id}", status_code=204)
async def delete_token(token_id: UUID, actor: InPerson, session: DbSession, visit: OnVisit) -> None:
    """Revoke one of one's own API tokens, at once."""
    await revoke_token(session, visit.act(actor), actor, token_id)


def _view(row: ApiToken, tops: dict[int, Named]) -> schemas.TokenOut:
    return schemas.TokenOut(
        id=row.id,
        name=row.name,
        permissions=row.permissions,
        organisation=tops[row.organisation_no] if row.organisation_no is not None else None,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )
