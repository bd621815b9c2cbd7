"""What was changed after a slip was issued."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant
from kit.database import Base


class SlipAmendment(Base):
    """A change (变更) of one item of a slip; the slip itself stays as it was issued.

    number: runs from 1 without gaps for each slip
    item: the key of the printed item (`slips.content.ITEMS`)
    was, becomes: the item's text before and after
    """

    __tablename__ = "slip_amendment"
    __table_args__ = (UniqueConstraint("slip_id", "number"),)

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    slip_id: Mapped[UUID] = mapped_column(ForeignKey("slip.id"))
    number: Mapped[int]
    action: Mapped[str]
    item: Mapped[str]
    was: Mapped[str]
    becomes: Mapped[str]
    by_no: Mapped[int] = mapped_column(ForeignKey("person.no"))
    at: Mapped[Instant]
    reason: Mapped[str | None]
