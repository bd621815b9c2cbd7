"""Second factor, API tokens, set-up links and the policy of passwords.

New columns of `log_in` may be left out by the old version, whose sessions then count from their
beginning.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add what log-in needs beyond a password."""
    _sessions()
    _second_factor()
    _passwords()
    _tokens()
    _provider()
    op.create_table(
        "security_policy",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        _instant("since"),
        sa.Column("rules", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("no", name="pk_security_policy"),
    )


def _sessions() -> None:
    op.add_column(
        "log_in",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
    )
    op.create_unique_constraint("uq_log_in_id", "log_in", ["id"])
    op.add_column("log_in", _instant("last_seen_at", nullable=True))
    op.add_column(
        "log_in",
        sa.Column("idle_s", sa.Integer(), server_default=sa.text("7200"), nullable=False),
    )
    op.add_column(
        "log_in",
        sa.Column("second_factor", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("log_in", sa.Column("agent", sa.String(), nullable=True))
    op.create_index("ix_log_in_failure_at", "log_in_failure", ["at"])
    op.create_index("ix_log_in_failure_address_at", "log_in_failure", ["address", "at"])
    op.create_table(
        "log_in_challenge",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_no", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        _instant("expires_at"),
        _of_person("log_in_challenge"),
        sa.PrimaryKeyConstraint("token_digest", name="pk_log_in_challenge"),
    )
    op.create_index("ix_log_in_challenge_person_no", "log_in_challenge", ["person_no"])
    op.create_index("ix_log_in_challenge_expires_at", "log_in_challenge", ["expires_at"])


def _second_factor() -> None:
    op.create_table(
        "second_factor",
        sa.Column("person_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        _instant("begun_at"),
        _instant("confirmed_at", nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        _of_person("second_factor"),
        sa.PrimaryKeyConstraint("person_no", name="pk_second_factor"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("person_no", sa.BigInteger(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        _instant("used_at", nullable=True),
        _of_person("recovery_code"),
        sa.PrimaryKeyConstraint("no", name="pk_recovery_code"),
        sa.UniqueConstraint("code_digest", name="uq_recovery_code_code_digest"),
    )
    op.create_index("ix_recovery_code_person_no", "recovery_code", ["person_no"])


def _passwords() -> None:
    op.create_table(
        "password_change",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("person_no", sa.BigInteger(), nullable=False),
        _instant("at"),
        sa.Column("password_hash", sa.String(), nullable=False),
        _of_person("password_change"),
        sa.PrimaryKeyConstraint("no", name="pk_password_change"),
    )
    op.create_index("ix_password_change_person_no", "password_change", ["person_no"])
    op.create_table(
        "set_up_link",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_no", sa.BigInteger(), nullable=False),
        _instant("issued_at"),
        _instant("expires_at"),
        _instant("used_at", nullable=True),
        _of_person("set_up_link"),
        sa.PrimaryKeyConstraint("token_digest", name="pk_set_up_link"),
    )
    op.create_index("ix_set_up_link_person_no", "set_up_link", ["person_no"])


def _tokens() -> None:
    op.create_table(
        "api_token",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_no", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("permissions", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=True),
        _instant("created_at"),
        _instant("expires_at"),
        _instant("revoked_at", nullable=True),
        _instant("last_used_at", nullable=True),
        *_numbered("api_token"),
        _of_person("api_token"),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_api_token_organisation_no"
        ),
        sa.UniqueConstraint("token_digest", name="uq_api_token_token_digest"),
    )
    op.create_index("ix_api_token_person_no", "api_token", ["person_no"])
    op.create_index("ix_api_token_organisation_no", "api_token", ["organisation_no"])


def _provider() -> None:
    op.create_table(
        "external_identity",
        sa.Column("person_no", sa.BigInteger(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        _instant("bound_at"),
        *_numbered("external_identity"),
        _of_person("external_identity"),
        sa.UniqueConstraint("issuer", "subject", name="uq_external_identity_issuer_subject"),
        sa.UniqueConstraint("person_no", "issuer", name="uq_external_identity_person_no_issuer"),
    )
    op.create_table(
        "oidc_attempt",
        sa.Column("state_digest", sa.LargeBinary(), nullable=False),
        _instant("expires_at"),
        sa.PrimaryKeyConstraint("state_digest", name="pk_oidc_attempt"),
    )
    op.create_index("ix_oidc_attempt_expires_at", "oidc_attempt", ["expires_at"])


def _instant(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _numbered(table: str) -> "tuple[sa.schema.SchemaItem, ...]":
    return (
        sa.Column("no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=f"pk_{table}"),
        sa.UniqueConstraint("id", name=f"uq_{table}_id"),
    )


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["person_no"], ["person.no"], name=f"fk_{table}_person_no")
