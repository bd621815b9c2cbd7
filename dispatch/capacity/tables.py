"""Capacity that is promised by type before a plate is bound, and the lock under which it is."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, Period, Recorded
from kit.database import Base


class Reservation(Recorded, Base):
    """What a request is promised: a vehicle of a type, of a pool, in a period (预留).

    organisation_no: the pool: the organisation whose vehicles are meant
    category, energy, holding: of the type; None where any will do that may serve the request
    sharing: whether the passengers agree to share the vehicle
    period: what it takes of a vehicle: the ride with the ways from and to the base, and turnaround
    order_id: the order by which it was bound to a plate
    reason: why it was released or refused
    """

    __tablename__ = "reservation"
    __table_args__ = (
        Index(
            "one_reservation_held",
            "request_id",
            unique=True,
            postgresql_where=text("state = 'held'"),
        ),
        Index(
            "ix_reservation_held",
            "organisation_no",
            "period",
            postgresql_where=text("state = 'held'"),
        ),
        Index("ix_reservation_request_id", "request_id"),
        Index("ix_reservation_order_id", "order_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("request.id"))
    state: Mapped[str]
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    category: Mapped[str | None]
    energy: Mapped[str | None]
    holding: Mapped[str | None]
    sharing: Mapped[bool]
    period: Mapped[Period]
    made_by_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))
    automatic: Mapped[bool]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"))
    ended_at: Mapped[Instant | None]
    ended_by_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))
    reason: Mapped[str | None]


class CapacityLock(Base):
    """One row for each pool: whoever promises or takes of its vehicles holds it meanwhile."""

    __tablename__ = "capacity_lock"

    organisation_no: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("organisation.no"), primary_key=True, autoincrement=False
    )
