"""Plans of a day, and what each proposes for one ride."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, JsonList, JsonObject, Recorded
from kit.database import Base


class Plan(Recorded, Base):
    """What is proposed for the vehicles and drivers of an organisation on a Shanghai day.

    figures: what it rests on and adds up to; null until it is made
    sentence: why nothing could be proposed
    first_broken: the promise that breaks first, and what would save it
    automatic: the system asked for it in the evening, for the dispatcher who is `asked_by_no`
    """

    __tablename__ = "plan"
    __table_args__ = (
        Index("ix_plan_asked", "id", postgresql_where=text("state = 'asked'")),
        Index("ix_plan_organisation_no_day", "organisation_no", "day"),
        Index(
            "one_automatic_plan_a_day",
            "organisation_no",
            "day",
            unique=True,
            postgresql_where=text("automatic"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"))
    day: Mapped[date]
    state: Mapped[str]
    asked_by_no: Mapped[int] = mapped_column(ForeignKey("person.no"))
    automatic: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    asked_at: Mapped[Instant]
    proposed_at: Mapped[Instant | None]
    sentence: Mapped[str | None]
    figures: Mapped[JsonObject | None]
    first_broken: Mapped[JsonObject | None]


class PlanLine(Base):
    """What a plan proposes for a request, as it stood at that revision; none without a vehicle.

    promised: whether capacity was held for it; empty_m: the way to its passengers
    sentence: why it is unserved, or the type of the problem that refused it when confirmed
    objections: what the rules said against it then; null where they weren't what refused it
    shared_group: the requests of a plan that share a vehicle (合乘) have one number, from 1
    pick_up_at: when such a request's passengers are picked up, as proposed
    """

    __tablename__ = "plan_line"
    __table_args__ = (UniqueConstraint("plan_id", "request_id"),)

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    request_id: Mapped[UUID] = mapped_column(ForeignKey("request.id"), index=True)
    request_revision: Mapped[int]
    promised: Mapped[bool]
    state: Mapped[str]
    vehicle_no: Mapped[int | None] = mapped_column(ForeignKey("vehicle.no"))
    driver_no: Mapped[int | None] = mapped_column(ForeignKey("driver.no"))
    empty_m: Mapped[int | None]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"), index=True)
    sentence: Mapped[str | None]
    objections: Mapped[JsonList | None]
    shared_group: Mapped[int | None]
    pick_up_at: Mapped[Instant | None]
