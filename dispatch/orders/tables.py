"""What an order went through: who drove which vehicle when, and what passengers were told."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, Period, Recorded
from kit.database import Base


class OrderRun(Recorded, Base):
    """A part of an order that a vehicle and a driver have driven before a swap.

    The last part is the order itself: its vehicle and driver, from the end of the newest run on.
    The runs of one order never overlap (`one_run_at_a_time`).

    odometer_out_m, odometer_in_m: as the vehicle took over and was left, where they were read
    """

    __tablename__ = "order_run"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    vehicle_no: Mapped[int | None] = mapped_column(ForeignKey("vehicle.no"), index=True)
    driver_no: Mapped[int | None] = mapped_column(ForeignKey("driver.no"), index=True)
    period: Mapped[Period]
    odometer_out_m: Mapped[int | None]
    odometer_in_m: Mapped[int | None]


class Promise(Base):
    """The pick-up time that a passenger was told for a request; the newest one holds.

    pickup_at: None where a person took the promise back, for `reason`
    order_id: of which order it was told
    suggestion_id: the suggestion whose arrival time it rests on, None where none was used
    reason: why it is later than the one before
    automatic: told by auto-dispatch, in the name of the duty dispatcher
    """

    __tablename__ = "promise"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("request.id"), index=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), index=True)
    pickup_at: Mapped[Instant | None]
    suggestion_id: Mapped[UUID | None] = mapped_column(ForeignKey("suggestion.id"), index=True)
    told_by_no: Mapped[int] = mapped_column(ForeignKey("person.no"))
    told_at: Mapped[Instant]
    reason: Mapped[str | None]
    automatic: Mapped[bool]
