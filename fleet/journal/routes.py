"""Routes of the journal."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.journal import schemas, store, views
from fleet.lists import Paging
from fleet.organisations.store import covers_a_root
from fleet.permissions import Permission
from kit.web import DbSession, InstantIn, Now

router = APIRouter()


Search = Annotated[str | None, Query(max_length=100, description="Part of a name")]


@router.get("/journal", tags=["journal"])
async def list_journal(
    actor: Annotated[Actor, Allow(Permission.JOURNAL_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
    action: Annotated[str | None, Query(max_length=100)] = None,
    object_id: UUID | None = None,
    start: InstantIn | None = None,
    end: InstantIn | None = None,
) -> schemas.JournalPage:
    """List the journal's entries within scope, newest first.

    Entries of no organisation, such as failed log-ins, are shown where the scope holds a root.
    """
    scope = actor.scope(Permission.JOURNAL_READ)
    page = await store.journal_entries(
        session,
        scope,
        with_unowned=await covers_a_root(session, scope, now),
        action=action,
        object_id=object_id,
        start=start,
        end=end,
        part=part,
    )
    return schemas.JournalPage(
        items=[views.journal_entry(row) for row in page.items], next_cursor=page.next_cursor
    )
