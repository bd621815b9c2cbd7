"""Tables of auto-dispatch: who answers for it, its rounds, and what it decided of each request."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.endings import Withdrawable
from kit.columns import Instant, JsonList, JsonObject, Number, Numbered, Recorded
from kit.database import Base


class DutyDispatcher(Withdrawable, Numbered, Recorded, Base):
    """Whom an organisation has appointed to answer for automatic assignments, for a period."""

    __tablename__ = "duty_dispatcher"

    organisation_no: Mapped[int] = mapped_column(ForeignKey("organisation.no"), index=True)
    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    appointed_by_no: Mapped[int] = mapped_column(ForeignKey("person.no"))


class AutoDispatchRound(Recorded, Base):
    """One round that decided something: by what it decided, and over which requests at once.

    method: one_by_one, batch or improvement
    versions: of program, map and weights, and the seed where chance took part
    requests: all that were weighed together, each with its class, vehicle and cost
    """

    __tablename__ = "auto_dispatch_round"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    method: Mapped[str]
    versions: Mapped[JsonObject]
    requests: Mapped[JsonList]


class AutoDispatchNote(Base):
    """What auto-dispatch decided about a request at a revision, and in one sentence why."""

    __tablename__ = "auto_dispatch_note"
    __table_args__ = (
        Index("ix_auto_dispatch_note_request_id_no", "request_id", "no"),
        Index(
            "ix_auto_dispatch_note_acted_at",
            "at",
            postgresql_where=text("outcome IN ('assigned', 'reassigned')"),
        ),
    )

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("request.id"))
    revision: Mapped[int]
    outcome: Mapped[str]
    stop: Mapped[str | None]
    sentence: Mapped[str]
    at: Mapped[Instant]
    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("auto_dispatch_round.id"), index=True)
    suggestion_id: Mapped[UUID | None] = mapped_column(ForeignKey("suggestion.id"), index=True)
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.id"), index=True)


class DispatchLease(Base):
    """Which worker dispatches by itself until when (see `tracking.leases`)."""

    __tablename__ = "dispatch_lease"

    partition: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    owner: Mapped[str | None]
    epoch: Mapped[Number] = mapped_column(server_default=text("0"))
    expires_at: Mapped[Instant | None]
