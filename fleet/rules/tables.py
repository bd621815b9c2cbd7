"""The table of what organisations have said."""

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Period, Recorded
from kit.database import Base


class RuleValue(Recorded, Base):
    """What an organisation says about a rule, for itself and all below it, for a period."""

    __tablename__ = "rule_value"
    __table_args__ = (UniqueConstraint("organisation_no", "key", "version"),)

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"))
    key: Mapped[str]
    version: Mapped[int]
    # A word or a list, by the rule's own form.
    value: Mapped[object] = mapped_column(JSONB)
    open_below: Mapped[bool]
    period: Mapped[Period]
