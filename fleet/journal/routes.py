"""Routes of the journal."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from fleet.access import Actor, Allow
from fleet.journal import chain_store, schemas, store, views
from fleet.journal.errors import NothingSealed
from fleet.journal.exporting import export_lines, record_export, seals_between
from fleet.lists import Paging
from fleet.organisations.store import covers_a_root
from fleet.permissions import Permission
from kit.database import Sessions
from kit.web import Address, DbSession, InstantIn, Now

router = APIRouter()

_JSON_LINES = "application/jsonl"


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
    """List the journal's entries within scope, newest first, each with its seal.

    Entries of no organisation, such as failed log-ins, are shown where the scope holds a root.
    """
    reader = await _reader(session, actor, Permission.JOURNAL_READ, now)
    page = await store.journal_entries(
        session, reader, action=action, object_id=object_id, start=start, end=end, part=part
    )
    return schemas.JournalPage(
        items=[views.journal_entry(row, reader.own) for row in page.items],
        next_cursor=page.next_cursor,
    )


@router.get("/journal/root", tags=["journal"])
async def journal_root(
    _actor: Annotated[Actor, Allow(Permission.JOURNAL_READ)], session: DbSession
) -> schemas.RootOut:
    """Tell the newest head, which a third party keeps; 404 before the first seal."""
    root = await chain_store.last_root(session)
    if root is None:
        raise NothingSealed
    return views.root(root)


@router.get(
    "/journal/export",
    tags=["journal"],
    response_class=StreamingResponse,
    responses={200: {"content": {_JSON_LINES: {"schema": {"type": "string"}}}}},
)
async def export_journal(
    request: Request,
    actor: Annotated[Actor, Allow(Permission.JOURNAL_EXPORT)],
    session: DbSession,
    now: Now,
    address: Address,
    start: InstantIn | None = None,
    end: InstantIn | None = None,
) -> StreamingResponse:
    """Stream entries sealed in [start, end) as JSON lines, which `verify_journal.py` verifies.

    Entries outside the scope stand in it with their digests alone, so that the chain holds.
    The export is journalled.
    """
    reader = await _reader(session, actor, Permission.JOURNAL_EXPORT, now)
    seals = await seals_between(session, start, end)
    record_export(session, actor, seals, now, address)
    # The answer outlives the request's transaction: each page is read in one of its own.
    sessions: Sessions = request.app.state.sessions
    return StreamingResponse(
        export_lines(sessions, seals, reader.may_see),
        media_type=_JSON_LINES,
        headers={"Content-Disposition": 'attachment; filename="journal.jsonl"'},
    )


async def _reader(
    session: DbSession, actor: Actor, permission: Permission, now: Now
) -> store.Reader:
    scope = actor.scope(permission)
    own = {g.organisation_no for g in actor.grants if permission in g.permissions}
    return store.Reader(scope, own, with_unowned=await covers_a_root(session, scope, now))
