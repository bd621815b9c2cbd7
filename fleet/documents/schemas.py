"""What the API speaks about documents."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel

from fleet.documents.words import DocumentKind
from fleet.inputs import Input, Name
from fleet.refs import VehicleRef
from fleet.vehicles.schemas import Day
from kit.texts import Written

Number = Annotated[str, Written(60)]


class NewDocument(Input):
    """A document of a vehicle; its file is uploaded afterwards, if there is one.

    expires_on: the last day on which it is valid
    """

    kind: DocumentKind
    title: Name
    number: Number | None = None
    issued_on: Day | None = None
    expires_on: Day | None = None


class DocumentOut(BaseModel):
    """A document (证件) or photo of a vehicle.

    media_type, size_bytes: of its file; null while none is uploaded
    """

    id: UUID
    vehicle: VehicleRef
    kind: DocumentKind
    title: str
    number: str | None
    issued_on: date | None
    expires_on: date | None
    media_type: str | None
    size_bytes: int | None
    recorded_at: datetime


class DocumentPage(BaseModel):
    """A page of documents."""

    items: list[DocumentOut]
    next_cursor: str | None
