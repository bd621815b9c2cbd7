"""Grants of external supervisors, the purposes of looking at tracks, and news of rights."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"

# Whatever decides who may see what, or whose a vehicle is. A log-in that begins takes nothing from
# anybody; one that ends does.
RIGHTS = {
    "person_role": "INSERT OR UPDATE OR DELETE",
    "mandate": "INSERT OR UPDATE OR DELETE",
    "organisation_parent": "INSERT OR UPDATE OR DELETE",
    "supervision_grant": "INSERT OR UPDATE OR DELETE",
    "vehicle_unit": "INSERT OR UPDATE OR DELETE",
    "person": "UPDATE OF disabled_at",
    "vehicle": "UPDATE OF withdrawn_at",
    "log_in": "UPDATE OF expires_at, second_factor OR DELETE",
    "api_token": "UPDATE OF revoked_at, permissions, expires_at OR DELETE",
    "delegation": "INSERT OR UPDATE OR DELETE",
    "security_policy": "INSERT",
}


def upgrade() -> None:
    """Create the tables, and tell whoever listens when rights change."""
    _supervision()
    _sittings()
    # Heard when the change commits, never before; said once however many rows it has.
    op.execute("""
        CREATE FUNCTION tell_access_changed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('gongche_access', '');
            RETURN NULL;
        END $$
    """)
    for table, events in RIGHTS.items():
        op.execute(
            f"CREATE TRIGGER {table}_tells_access AFTER {events} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION tell_access_changed()"
        )


def _supervision() -> None:
    op.create_table(
        "supervision_grant",
        sa.Column("no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("letter_no", sa.String(), nullable=False),
        sa.Column("issuer_kind", sa.String(), nullable=False),
        sa.Column("issuer_name", sa.String(), nullable=False),
        sa.Column("person_no", sa.BigInteger(), nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("by_vehicle", sa.Boolean(), nullable=False),
        sa.Column("matter", sa.String(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("no", name="pk_supervision_grant"),
        sa.UniqueConstraint("id", name="uq_supervision_grant_id"),
        sa.CheckConstraint("NOT isempty(period)", name="supervision_grant_period_not_empty"),
        sa.ForeignKeyConstraint(
            ["person_no"], ["person.no"], name="fk_supervision_grant_person_no"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_supervision_grant_organisation_no"
        ),
    )
    op.create_index("ix_supervision_grant_person_no", "supervision_grant", ["person_no"])
    op.create_index(
        "ix_supervision_grant_organisation_no", "supervision_grant", ["organisation_no"]
    )
    op.create_table(
        "supervision_vehicle",
        sa.Column("grant_no", sa.BigInteger(), nullable=False),
        sa.Column("vehicle_no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("grant_no", "vehicle_no", name="pk_supervision_vehicle"),
        sa.ForeignKeyConstraint(
            ["grant_no"], ["supervision_grant.no"], name="fk_supervision_vehicle_grant_no"
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_no"], ["vehicle.no"], name="fk_supervision_vehicle_vehicle_no"
        ),
    )
    op.create_index("ix_supervision_vehicle_vehicle_no", "supervision_vehicle", ["vehicle_no"])


def _sittings() -> None:
    op.create_table(
        "sitting",
        sa.Column("no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_no", sa.BigInteger(), nullable=False),
        sa.Column("bearer_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("letter_no", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("no", name="pk_sitting"),
        sa.UniqueConstraint("id", name="uq_sitting_id"),
        sa.ForeignKeyConstraint(["person_no"], ["person.no"], name="fk_sitting_person_no"),
    )
    op.create_index("ix_sitting_person_no", "sitting", ["person_no"])
    op.create_index(
        "one_sitting_at_a_time",
        "sitting",
        ["bearer_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
