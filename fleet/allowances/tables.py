"""The table of who draws the transport allowance."""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Period, Recorded
from kit.database import Base


class PersonAllowance(Recorded, Base):
    """Whether a person draws the allowance, for a period; where no row holds, nobody knows."""

    __tablename__ = "person_allowance"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    draws: Mapped[bool]
    period: Mapped[Period]
