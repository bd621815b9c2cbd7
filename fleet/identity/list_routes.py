"""Routes of sessions: one's own, and those of the people whom one looks after."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor, AllowAnyone
from fleet.identity import schemas, store
from fleet.identity.errors import TokenNotEnough
from fleet.identity.proofs import by_token, person_behind
from fleet.identity.sessions import end_session, session_of
from fleet.identity.tables import LogIn
from fleet.identity.visits import OnVisit, Visit
from fleet.lists import Paging
from fleet.people.store import person_in
from fleet.people.tables import Person
from fleet.permissions import Permission
from kit.errors import Forbidden, NotFound
from kit.web import DbSession

router = APIRouter()


async def _reader(actor: Annotated[Actor, AllowAnyone()], request: Request) -> Actor:
    return _with_permission(actor, request, Permission.SESSION_READ)


async def _ender(actor: Annotated[Actor, AllowAnyone()], request: Request) -> Actor:
    return _with_permission(actor, request, Permission.SESSION_END)


def _with_permission(actor: Actor, request: Request, permission: Permission) -> Actor:
    """Return the actor. Raises TokenNotEnough for an API token that wasn't made for this."""
    if by_token(request) and permission not in actor.permissions:
        raise TokenNotEnough
    return actor


@router.get("/sessions")
async def list_sessions(
    actor: Annotated[Actor, Depends(_reader, scope="function")],
    session: DbSession,
    visit: OnVisit,
    part: Paging,
    person_id: UUID | None = None,
) -> schemas.SessionPage:
    """List one's own sessions; with `person_id` and `session.read` those of a person in scope.

    An API token needs `session.read` for its own person's too.
    """
    person = await _person(session, visit, actor, person_id)
    page = await store.sessions_of(session, person.no, visit.now, part)
    return schemas.SessionPage(
        items=[_view(row, actor) for row in page.items], next_cursor=page.next_cursor
    )


@router.delete("/sessions/{session_id}", status_code=204)
async def delete_session(
    session_id: UUID,
    actor: Annotated[Actor, Depends(_ender, scope="function")],
    session: DbSession,
    visit: OnVisit,
) -> None:
    """End a session at once: one's own, or with `session.end` that of a person in scope.

    An API token needs `session.end` for its own person's too.
    """
    row = await session_of(session, session_id)
    if row.person_no != actor.person_no:
        holder = await session.get_one(Person, row.person_no)
        scope = actor.scope(Permission.SESSION_END)
        try:
            await person_in(session, holder.id, scope, visit.now)
        except NotFound as error:
            raise NotFound("There is no such session within your scope.") from error
    home = actor.grants[0].organisation_no if actor.grants else None
    await end_session(session, visit.act(actor), row, home)


async def _person(
    session: AsyncSession, visit: Visit, actor: Actor, person_id: UUID | None
) -> Person:
    if person_id is None or person_id == actor.person_id:
        return await person_behind(session, actor)
    if Permission.SESSION_READ not in actor.permissions:
        raise Forbidden
    return await person_in(session, person_id, actor.scope(Permission.SESSION_READ), visit.now)


def _view(row: LogIn, actor: Actor) -> schemas.OneSession:
    return schemas.OneSession(
        id=row.id,
        began_at=row.began_at,
        last_seen_at=row.last_seen_at or row.began_at,
        expires_at=row.expires_at,
        second_factor=row.second_factor,
        address=row.address,
        agent=row.agent,
        current=row.id == actor.bearer_id,
    )
