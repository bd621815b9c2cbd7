"""Use cases of documents: added, given their file once, read, withdrawn."""

import asyncio
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.documents.errors import ContentKept, ExpiresBeforeIssue, NoContent
from fleet.documents.tables import VehicleDocument
from fleet.documents.words import DocumentKind
from fleet.vehicles.tables import Vehicle
from kit.media import ContentTooLarge, MediaFolder, media_type_of

MAX_CONTENT_BYTES = 8 * 1024 * 1024


async def add_document(
    session: AsyncSession,
    act: Act,
    vehicle: Vehicle,
    unit_no: int,
    *,
    kind: DocumentKind,
    title: str,
    number: str | None = None,
    issued_on: date | None = None,
    expires_on: date | None = None,
) -> VehicleDocument:
    """Add a document of a vehicle that unit `unit_no` uses.

    expires_on: the last day on which it is valid
    Raises ExpiresBeforeIssue.
    """
    if issued_on is not None and expires_on is not None and expires_on < issued_on:
        raise ExpiresBeforeIssue
    document = VehicleDocument(
        vehicle_no=vehicle.no,
        kind=kind,
        title=title,
        number=number,
        issued_on=issued_on,
        expires_on=expires_on,
        recorded_by_no=act.actor.person_no if act.actor else None,
    )
    session.add(document)
    await session.flush()
    act.record(
        session,
        "document.add",
        "document",
        document.id,
        organisation_no=unit_no,
        after={
            "vehicle": vehicle.plate,
            "kind": kind,
            "title": title,
            "number": number,
            "issued_on": issued_on.isoformat() if issued_on else None,
            "expires_on": expires_on.isoformat() if expires_on else None,
        },
    )
    await session.flush()
    return document


async def put_content(
    session: AsyncSession,
    act: Act,
    document: VehicleDocument,
    unit_no: int,
    content: bytes,
    media: MediaFolder,
) -> None:
    """Keep the file of a document; what it is, its own bytes say.

    Raises ContentTooLarge, UnknownContent, ContentKept.
    """
    if len(content) > MAX_CONTENT_BYTES:
        raise ContentTooLarge(max_bytes=MAX_CONTENT_BYTES)
    media_type = media_type_of(content)
    await session.refresh(document, with_for_update=True)
    if document.sha256 is not None:
        raise ContentKept
    # The file is there before the row that names it is committed.
    document.sha256 = await asyncio.to_thread(media.store, content)
    document.media_type, document.size_bytes = media_type, len(content)
    act.record(
        session,
        "document.upload",
        "document",
        document.id,
        organisation_no=unit_no,
        after={
            "sha256": document.sha256,
            "media_type": media_type,
            "size_bytes": len(content),
        },
    )
    await session.flush()


async def read_content(
    session: AsyncSession, act: Act, document: VehicleDocument, unit_no: int, media: MediaFolder
) -> bytes:
    """Return the file of a document, and journal that it was read.

    Raises NoContent, MediaDamaged.
    """
    if document.sha256 is None:
        raise NoContent
    content = await asyncio.to_thread(media.read, document.sha256)
    act.record(
        session,
        "document.read",
        "document",
        document.id,
        organisation_no=unit_no,
        after={"sha256": document.sha256},
    )
    await session.flush()
    return content


async def withdraw_document(
    session: AsyncSession, act: Act, document: VehicleDocument, unit_no: int
) -> None:
    """Take a document that was added in error out of the lists; row and file stay."""
    document.withdrawn_at = act.now
    act.record(
        session,
        "document.withdraw",
        "document",
        document.id,
        organisation_no=unit_no,
        before={"kind": document.kind, "title": document.title, "sha256": document.sha256},
    )
    await session.flush()
