"""What passengers agreed to, and in which order a shared vehicle calls."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant
from kit.database import Base


class SharingConsent(Base):
    """What a passenger said about sharing (合乘); the newest row of a request holds.

    detour_percent, detour_s: the greatest detour; None: as the unit's rule says
    """

    __tablename__ = "sharing_consent"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("request.id"), index=True)
    agreed: Mapped[bool]
    detour_percent: Mapped[int | None]
    detour_s: Mapped[int | None]
    by_no: Mapped[int] = mapped_column(ForeignKey("person.no"))
    at: Mapped[Instant]
    reason: Mapped[str | None]


class OrderWaypoint(Base):
    """A call of a shared order (途经点): where, for whom, when. The newest plan of an order holds.

    plan_number: from 1, one for each time the plan was made; place: from 1 along the way
    is_return: on the way back of a ride there and back
    """

    __tablename__ = "order_waypoint"
    __table_args__ = (UniqueConstraint("order_id", "plan_number", "place"),)

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"))
    plan_number: Mapped[int]
    place: Mapped[int]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("request.id"), index=True)
    is_pick_up: Mapped[bool]
    is_return: Mapped[bool]
    at: Mapped[Instant]
