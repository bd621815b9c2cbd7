"""What the API says about slips."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel


class SlipItem(BaseModel):
    """One printed item of a slip."""

    key: str
    label: str
    text: str


class AmendmentOut(BaseModel):
    """A change (变更) of one item after the slip was issued."""

    number: int
    action: str
    item: str
    label: str
    was: str
    becomes: str
    by: str
    at: datetime
    reason: str | None


class SlipOut(BaseModel):
    """A slip's content: the 19 items as issued, who issued it, and what was changed since."""

    id: UUID
    number_text: str
    issuer: str
    dispatcher: str
    cross_unit: bool
    issued_at: datetime
    void_at: datetime | None
    void_reason: str | None
    items: list[SlipItem]
    amendments: list[AmendmentOut]
