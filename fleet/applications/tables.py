"""Tables of applications and of the acts upon them."""

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, JsonObject, Numbered, Recorded
from kit.database import Base


class Application(Numbered, Recorded, Base):
    """An application for one step of a vehicle's life, as it is now.

    content: what is applied for, in the form that its kind has
    """

    __tablename__ = "application"
    __table_args__ = (Index("ix_application_organisation_no_no", "organisation_no", "no"),)

    kind: Mapped[str]
    state: Mapped[str]
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"))
    vehicle_no: Mapped[int | None] = mapped_column(ForeignKey("vehicle.no"), index=True)
    applicant_no: Mapped[int] = mapped_column(ForeignKey("person.no"))
    content: Mapped[JsonObject]


class ApplicationStep(Recorded, Base):
    """One act upon an application: who, when, and why; never changed later."""

    __tablename__ = "application_step"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    application_no: Mapped[int] = mapped_column(ForeignKey("application.no"), index=True)
    act: Mapped[str]
    state: Mapped[str]
    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"))
    at: Mapped[Instant]
    reason: Mapped[str | None]
