"""How a route asks who calls it, and declares what it needs."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from fleet import journal
from fleet.access.actors import Actor
from fleet.access.loading import load_actor
from fleet.access.pace import Pace
from fleet.access.tokens import COOKIE
from fleet.permissions import Permission
from kit.errors import Forbidden, NotLoggedIn
from kit.web import Address, DbSession, Now

# These are journalled where they are answered, with the sitting and the letter.
_TOLD_ELSEWHERE = frozenset({Permission.TRACK_READ})
_LONGEST_QUERY = 2_000
# Says that a page asks by itself, with nobody at work: it can only make a session end earlier.
BACKGROUND = "gongche-background"


def presented_token(request: Request) -> str | None:
    """Return the session token of a request: the bearer header first, then the cookie."""
    header = request.headers.get("authorization", "")
    if header.lower().startswith("bearer "):
        return header[7:].strip()
    return request.cookies.get(COOKIE)


async def current_actor(request: Request, session: DbSession, now: Now) -> Actor:
    """Return who makes this request. Raises NotLoggedIn."""
    token = presented_token(request)
    touch = BACKGROUND not in request.headers
    actor = await load_actor(session, token, now, touch=touch) if token else None
    if actor is None:
        raise NotLoggedIn
    return actor


CurrentActor = Annotated[Actor, Depends(current_actor, scope="function")]


class PermissionCheck:
    """The dependency behind `Allow`; the route table is read for it by tests."""

    def __init__(
        self,
        permission: Permission | None,
        *,
        widened_by: Collection[Permission] = (),
        costly: bool = False,
    ) -> None:
        self.permission = permission
        self.widened_by = widened_by
        self.costly = costly

    async def __call__(
        self, request: Request, actor: CurrentActor, session: DbSession, now: Now, address: Address
    ) -> Actor:
        """Return the actor, who has the permission somewhere.

        Raises NotLoggedIn, Forbidden, and TooManyQueries where queries are costly.
        """
        if self.permission is not None and self.permission not in actor.permissions:
            raise Forbidden
        if self.costly:
            pace: Pace = request.app.state.pace
            pace.spend(actor.person_no, now.timestamp())
        if letters := self._letters(actor):
            _note_look_up(session, actor, letters, request, now, address)
        return actor

    def _letters(self, actor: Actor) -> list[str]:
        """Return the numbers of all letters that open some of what this route shows, in order."""
        opening = {self.permission, *self.widened_by} - {None} - _TOLD_ELSEWHERE
        return sorted({letter for one in opening if one for letter in actor.letters_for(one)})


def _note_look_up(
    session: AsyncSession,
    actor: Actor,
    letters: Sequence[str],
    request: Request,
    now: datetime,
    address: str | None,
) -> None:
    """Write what an external supervisor asks for, with every letter that opens some of it."""
    journal.record_look_up(
        session,
        actor=actor,
        action="supervision.read",
        object_kind="grant",
        object_id=None,
        now=now,
        purpose=None,
        asked={
            "letters": list(letters),
            "method": request.method,
            "path": request.url.path,
            # Still escaped: it may spell what the database can't hold, such as U+0000.
            "query": request.url.query[:_LONGEST_QUERY],
        },
        address=address,
    )


def Allow(  # noqa: N802  (reads as a word)
    permission: Permission, *, widened_by: Collection[Permission] = (), costly: bool = False
) -> Any:
    """Declare that a route needs this permission; `costly` ones are counted for each person.

    widened_by: what shows more on this route, and is asked for by the route itself
    """
    return Depends(
        PermissionCheck(permission, widened_by=widened_by, costly=costly), scope="function"
    )


def AllowAnyone(  # noqa: N802
    *, widened_by: Collection[Permission] = (), costly: bool = False
) -> Any:
    """Declare that a route needs a log-in and nothing else: it speaks of what is the actor's own.

    widened_by: the permissions that show others' too; an API token shows its person's own only by
    one that it was made with (`Actor.own_scope`), for which the route itself asks
    """
    return Depends(PermissionCheck(None, widened_by=widened_by, costly=costly), scope="function")
