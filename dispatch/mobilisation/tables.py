"""Tables of mobilisations: what was signed, whom it calls up, and what was ordered under it."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, Numbered, Period, Recorded
from kit.database import Base


class Mobilisation(Numbered, Recorded, Base):
    """A call-up of all vehicles of its units (应急调用), open until it is signed off.

    started_proof, ended_proof: how whoever signed proved to be that person
    judged_through: the last Shanghai day (as its end) whose back-entries have fallen due
    """

    __tablename__ = "mobilisation"

    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    level: Mapped[int]
    name: Mapped[str]
    basis: Mapped[str]
    period: Mapped[Period]
    started_by_no: Mapped[int] = mapped_column(ForeignKey("person.no"))
    started_at: Mapped[Instant]
    started_proof: Mapped[str]
    start_statement: Mapped[str]
    ended_by_no: Mapped[int | None] = mapped_column(ForeignKey("person.no"))
    ended_at: Mapped[Instant | None]
    ended_proof: Mapped[str | None]
    end_statement: Mapped[str | None]
    judged_through: Mapped[Instant | None]


class MobilisationUnit(Base):
    """A unit whose vehicles a mobilisation calls up: those below it when it was signed."""

    __tablename__ = "mobilisation_unit"

    mobilisation_no: Mapped[int] = mapped_column(ForeignKey("mobilisation.no"), primary_key=True)
    organisation_no: Mapped[int] = mapped_column(
        ForeignKey("organisation.no"), primary_key=True, index=True
    )


class MobilisationOrder(Recorded, Base):
    """An order made under a mobilisation.

    back_entry_due_at: by when a drive that began without it was to be entered (补单); None for an
    order that was made before its departure
    """

    __tablename__ = "mobilisation_order"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    mobilisation_no: Mapped[int] = mapped_column(ForeignKey("mobilisation.no"), index=True)
    entered_at: Mapped[Instant]
    back_entry_due_at: Mapped[Instant | None]
