"""Tables of auto-dispatch: who answers for it, its rounds, what it decided and what it asks."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, text
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
    content, sha256: all on which a batch rests (`dispatch.suggestions.rounds`); None for others,
        and for batches of earlier versions
    """

    __tablename__ = "auto_dispatch_round"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    method: Mapped[str]
    versions: Mapped[JsonObject]
    requests: Mapped[JsonList]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary)


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


class ExchangeProposal(Base):
    """An exchange (变更征询) that waits for the drivers who have accepted one of its orders.

    actor_no: the duty dispatcher in whose name it is proposed
    gain_s: what the exchange saves by its costs; sentence: what passengers and the fleet gain
    expires_at: until when all must have agreed
    """

    __tablename__ = "exchange_proposal"
    __table_args__ = (
        Index("ix_exchange_proposal_open", "id", postgresql_where=text("state = 'open'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("auto_dispatch_round.id"), index=True)
    actor_no: Mapped[int] = mapped_column(ForeignKey("person.no"))
    sentence: Mapped[str]
    gain_s: Mapped[int]
    proposed_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    state: Mapped[str]
    ended_at: Mapped[Instant | None]


class ExchangePart(Base):
    """One order of a proposed exchange, as it stood, and what its driver has answered.

    driver_no: who holds it; is_asked: whether they had accepted it, and so must agree
    change: the pair that it has and the pair that it would get (`matching.problem.Change`)
    is_open: as long as the proposal is; no order and no driver is in two that are
    """

    __tablename__ = "exchange_part"
    __table_args__ = (
        Index("exchange_order_once", "order_id", unique=True, postgresql_where=text("is_open")),
        Index("exchange_driver_once", "driver_no", unique=True, postgresql_where=text("is_open")),
        Index("ix_exchange_part_order_id", "order_id"),
    )

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey("exchange_proposal.id"), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    revision: Mapped[int]
    driver_no: Mapped[int] = mapped_column(ForeignKey("driver.no"))
    change: Mapped[JsonObject]
    is_asked: Mapped[bool]
    is_open: Mapped[bool]
    answer: Mapped[str | None]
    answered_at: Mapped[Instant | None]


class DispatchLease(Base):
    """Which worker dispatches by itself until when (see `tracking.leases`)."""

    __tablename__ = "dispatch_lease"

    partition: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    owner: Mapped[str | None]
    epoch: Mapped[Number] = mapped_column(server_default=text("0"))
    expires_at: Mapped[Instant | None]
