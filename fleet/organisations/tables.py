"""Tables of organisations, their tree, names, successors and mandates, all dated."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, Numbered, Period, Recorded
from kit.database import Base
from kit.ids import new_id


class Organisation(Numbered, Recorded, Base):
    """A bureau, unit, supplier or repair shop (机构); `name` is the newest of its names."""

    __tablename__ = "organisation"
    __table_args__ = (Index(None, "sort_key", "id"),)

    name: Mapped[str]
    sort_key: Mapped[str]
    kind: Mapped[str]
    region_code: Mapped[str | None]
    uscc: Mapped[str | None]
    ended_at: Mapped[Instant | None]


class OrganisationName(Recorded, Base):
    """What an organisation was called, for a period."""

    __tablename__ = "organisation_name"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    name: Mapped[str]
    period: Mapped[Period]


class OrganisationSuccession(Recorded, Base):
    """Which organisation took over everything of another, and when."""

    __tablename__ = "organisation_succession"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    predecessor_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), unique=True)
    successor_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    at: Mapped[Instant]


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
    id: Mapped[UUID] = mapped_column(
        default=new_id, unique=True, server_default=text("gen_random_uuid()")
    )
    holder_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    over_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    matter: Mapped[str]
    period: Mapped[Period]


class Region(Recorded, Base):
    """A code of GB/T 2260 (行政区划代码) and its name, for a span of days.

    valid_to: the first day on which it no longer holds; successor: the code that took its place
    """

    __tablename__ = "region"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    code: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    successor: Mapped[str | None]
