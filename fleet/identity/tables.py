"""Tables of sessions and failed log-ins."""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant
from kit.database import Base


class LogIn(Base):
    """A session of a person, found by the digest of its token."""

    __tablename__ = "log_in"

    token_digest: Mapped[bytes] = mapped_column(primary_key=True)
    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    began_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    address: Mapped[str | None]


class LogInFailure(Base):
    """A failed log-in, counted for the lock-out of its account name."""

    __tablename__ = "log_in_failure"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    username: Mapped[str] = mapped_column(index=True)
    at: Mapped[Instant]
    address: Mapped[str | None]
