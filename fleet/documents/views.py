"""From the store's rows of documents to what the API shows."""

from fleet.documents import schemas
from fleet.documents.tables import VehicleDocument
from fleet.documents.words import DocumentKind
from fleet.lists import AnyRow
from fleet.refs import VehicleRef
from kit.paging import Page


def document(row: AnyRow) -> schemas.DocumentOut:
    """Show a row of `store`'s documents."""
    one: VehicleDocument = row[0]
    return schemas.DocumentOut(
        id=one.id,
        vehicle=VehicleRef(id=row.vehicle_id, plate=row.vehicle_plate),
        kind=DocumentKind(one.kind),
        title=one.title,
        number=one.number,
        issued_on=one.issued_on,
        expires_on=one.expires_on,
        media_type=one.media_type,
        size_bytes=one.size_bytes,
        recorded_at=one.recorded_at,
    )


def page(rows: Page[AnyRow]) -> schemas.DocumentPage:
    """Show a page of documents."""
    return schemas.DocumentPage(
        items=[document(row) for row in rows.items], next_cursor=rows.next_cursor
    )
