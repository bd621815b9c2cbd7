"""Tables of the grants under which external supervisors look."""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, Numbered, Period, Recorded
from kit.database import Base


class SupervisionGrant(Numbered, Recorded, Base):
    """What a letter opens to a person: an organisation's subtree, or single vehicles in it."""

    __tablename__ = "supervision_grant"

    letter_no: Mapped[str]
    issuer_kind: Mapped[str]
    issuer_name: Mapped[str]
    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    by_vehicle: Mapped[bool]
    matter: Mapped[str]
    period: Mapped[Period]
    ended_at: Mapped[Instant | None]
    ended_reason: Mapped[str | None]


class SupervisionVehicle(Base):
    """A vehicle that a letter names."""

    __tablename__ = "supervision_vehicle"

    grant_no: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("supervision_grant.no"), primary_key=True
    )
    vehicle_no: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("vehicle.no"), primary_key=True, index=True
    )
