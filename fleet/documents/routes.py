"""Routes of documents and photos."""

from datetime import date
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.documents import schemas, store, views
from fleet.documents.documents import (
    add_document,
    put_content,
    read_content,
    withdraw_document,
)
from fleet.documents.tables import VehicleDocument
from fleet.documents.words import DocumentKind
from fleet.lists import Paging
from fleet.organisations.store import narrowed
from fleet.permissions import Permission
from fleet.vehicles.store import vehicle_row
from kit.media import EXTENSIONS, MediaFolder
from kit.web import Address, AppSettings, DbSession, Now

router = APIRouter()

Writer = Annotated[Actor, Allow(Permission.VEHICLE_WRITE)]
Reader = Annotated[Actor, Allow(Permission.VEHICLE_READ)]
Before = Annotated[date | None, Query(ge=date(1950, 1, 1), le=date(2200, 1, 1))]

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_UPLOAD = {
    "requestBody": {"required": True, "content": {"application/octet-stream": _BINARY}},
}
_FILE: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The file as it was uploaded",
        "content": dict.fromkeys(EXTENSIONS, _BINARY),
    }
}


@router.get("/documents", tags=["documents"])
async def list_documents(
    actor: Reader,
    session: DbSession,
    now: Now,
    part: Paging,
    expires_before: Before = None,
    kind: DocumentKind | None = None,
    organisation_id: UUID | None = None,
) -> schemas.DocumentPage:
    """List the documents of vehicles within scope that expire, the soonest first."""
    scope = await narrowed(session, actor.scope(Permission.VEHICLE_READ), organisation_id, now)
    rows = await store.expiring(session, scope, now, before=expires_before, kind=kind, part=part)
    return views.page(rows)


@router.get("/vehicles/{id}/documents", tags=["documents"])
async def list_documents_of_vehicle(
    id: UUID, actor: Reader, session: DbSession, now: Now, part: Paging
) -> schemas.DocumentPage:
    """List the documents and photos of a vehicle, the newest first."""
    row = await vehicle_row(session, id, actor.scope(Permission.VEHICLE_READ), now)
    return views.page(await store.documents_of(session, row[0].no, part))


@router.post("/vehicles/{id}/documents", status_code=201, tags=["documents"])
async def create_document(
    id: UUID,
    body: schemas.NewDocument,
    actor: Writer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.DocumentOut:
    """Add a document of a vehicle within scope; its file follows."""
    row = await vehicle_row(session, id, actor.scope(Permission.VEHICLE_WRITE), now)
    document = await add_document(
        session, Act(actor, now, address), row[0], row.unit_no, **body.model_dump()
    )
    return views.document(await store.document_row(session, document.id))


@router.put("/documents/{id}/content", tags=["documents"], openapi_extra=_UPLOAD)
async def upload_document(
    id: UUID,
    request: Request,
    actor: Writer,
    session: DbSession,
    settings: AppSettings,
    now: Now,
    address: Address,
) -> schemas.DocumentOut:
    """Upload the file of a document, once: a JPEG, a PNG or a PDF of at most 8 MiB."""
    document, unit_no = await _in_scope(session, actor, Permission.VEHICLE_WRITE, id, now)
    await put_content(
        session,
        Act(actor, now, address),
        document,
        unit_no,
        await request.body(),
        MediaFolder(settings.media_dir),
    )
    return views.document(await store.document_row(session, id))


@router.get("/documents/{id}/content", tags=["documents"], responses=_FILE, response_class=Response)
async def download_document(
    id: UUID,
    actor: Reader,
    session: DbSession,
    settings: AppSettings,
    now: Now,
    address: Address,
) -> Response:
    """Download the file of a document; that it was read is journalled."""
    document, unit_no = await _in_scope(session, actor, Permission.VEHICLE_READ, id, now)
    media = MediaFolder(settings.media_dir)
    content = await read_content(session, Act(actor, now, address), document, unit_no, media)
    media_type = document.media_type or "application/octet-stream"
    name = quote(document.title + EXTENSIONS.get(media_type, ""), safe="")
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            # Nothing in an uploaded file may run, whatever opens it.
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


@router.delete("/documents/{id}", status_code=204, tags=["documents"])
async def delete_document(
    id: UUID, actor: Writer, session: DbSession, now: Now, address: Address
) -> None:
    """Take a document that was added in error out of the lists; what was kept stays kept."""
    document, unit_no = await _in_scope(session, actor, Permission.VEHICLE_WRITE, id, now)
    await withdraw_document(session, Act(actor, now, address), document, unit_no)


async def _in_scope(
    session: AsyncSession, actor: Actor, permission: Permission, id: UUID, now: Now
) -> tuple[VehicleDocument, int]:
    """Return the document and the number of its vehicle's unit. Raises NotFound."""
    row = await store.document_row(session, id)
    vehicle = await vehicle_row(session, row.vehicle_id, actor.scope(permission), now)
    return row[0], vehicle.unit_no
