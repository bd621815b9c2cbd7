"""Tables of log-in: sessions, failures, challenges, second factors, links, tokens, the policy.

Whatever lets somebody in is kept as a digest, or sealed: a copy of the database opens no door.
"""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kit.columns import Instant, JsonObject, Numbered
from kit.database import Base
from kit.ids import new_id


class LogIn(Base):
    """A session of a person, found by the digest of its token.

    proved_at: when its person last proved, at the log-in, to be themselves; unknown where a
    provider did not say
    """

    __tablename__ = "log_in"

    token_digest: Mapped[bytes] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(
        default=new_id, server_default=text("gen_random_uuid()"), unique=True
    )
    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    began_at: Mapped[Instant]
    last_seen_at: Mapped[Instant | None]
    expires_at: Mapped[Instant]
    idle_s: Mapped[int] = mapped_column(server_default=text("7200"))
    second_factor: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    proved_at: Mapped[Instant | None]
    address: Mapped[str | None]
    agent: Mapped[str | None]


class LogInFailure(Base):
    """A failed log-in, counted for the lock-out of its account name and of its address.

    Rows older than the lock are deleted by the failures that follow.
    """

    __tablename__ = "log_in_failure"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    username: Mapped[str] = mapped_column(index=True)
    at: Mapped[Instant] = mapped_column(index=True)
    address: Mapped[str | None]

    __table_args__ = (Index("ix_log_in_failure_address_at", "address", "at"),)


class LogInChallenge(Base):
    """A log-in whose password was right and that waits for something more."""

    __tablename__ = "log_in_challenge"

    token_digest: Mapped[bytes] = mapped_column(primary_key=True)
    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    kind: Mapped[str]
    second_factor: Mapped[bool]
    proved_at: Mapped[Instant | None]
    failures: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[Instant] = mapped_column(index=True)


class SecondFactor(Base):
    """A person's TOTP secret, sealed; it counts once a code has confirmed it."""

    __tablename__ = "second_factor"

    person_no: Mapped[int] = mapped_column(
        ForeignKey("person.no"), primary_key=True, autoincrement=False
    )
    sealed_secret: Mapped[bytes]
    begun_at: Mapped[Instant]
    confirmed_at: Mapped[Instant | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)


class RecoveryCode(Base):
    """A code that stands in for the second factor, once."""

    __tablename__ = "recovery_code"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    code_digest: Mapped[bytes] = mapped_column(unique=True)
    used_at: Mapped[Instant | None]


class PasswordChange(Base):
    """A password that a person has set, for its age and against its return."""

    __tablename__ = "password_change"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    at: Mapped[Instant]
    password_hash: Mapped[str]


class SetUpLink(Base):
    """A link by which a person sets a password, once."""

    __tablename__ = "set_up_link"

    token_digest: Mapped[bytes] = mapped_column(primary_key=True)
    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    issued_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class ApiToken(Numbered, Base):
    """A token by which a program acts for a person, with less than the person may."""

    __tablename__ = "api_token"

    token_digest: Mapped[bytes] = mapped_column(unique=True)
    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"), index=True)
    name: Mapped[str]
    permissions: Mapped[list[str]] = mapped_column(ARRAY(String))
    organisation_no: Mapped[int | None] = mapped_column(ForeignKey("organisation.no"), index=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    last_used_at: Mapped[Instant | None]


class ExternalIdentity(Numbered, Base):
    """A subject of an OpenID Connect provider that is a person of ours."""

    __tablename__ = "external_identity"

    person_no: Mapped[int] = mapped_column(ForeignKey("person.no"))
    issuer: Mapped[str]
    subject: Mapped[str]
    bound_at: Mapped[Instant]

    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("person_no", "issuer"),
    )


class OidcAttempt(Base):
    """A log-in that was sent to the provider and may come back, once."""

    __tablename__ = "oidc_attempt"

    state_digest: Mapped[bytes] = mapped_column(primary_key=True)
    expires_at: Mapped[Instant] = mapped_column(index=True)


class SecurityPolicy(Base):
    """A version of the policy of passwords and second factors; the newest is in force."""

    __tablename__ = "security_policy"

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    since: Mapped[Instant]
    rules: Mapped[JsonObject]
