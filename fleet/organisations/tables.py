"""Tables of organisations, their tree and their mandates, all dated."""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Numbered, Period, Recorded
from kit.database import Base


class Organisation(Numbered, Recorded, Base):
    """A bureau, unit, supplier or repair shop (机构)."""

    __tablename__ = "organisation"

    name: Mapped[str]
    sort_key: Mapped[str]
    kind: Mapped[str]
    region_code: Mapped[str | None]
    uscc: Mapped[str | None]


class OrganisationParent(Recorded, Base):
    """Under which organisation another stands, for a period."""

    __tablename__ = "organisation_parent"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    parent_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    period: Mapped[Period]


class Mandate(Recorded, Base):
    """A power (职权) given to an organisation over a subtree, for a matter and a period."""

    __tablename__ = "mandate"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    holder_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    over_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    matter: Mapped[str]
    period: Mapped[Period]
