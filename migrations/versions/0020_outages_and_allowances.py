"""Outages of vehicles, departure checks, and who draws the transport allowance.

Safe beside the version before: tables of their own, and a column that may be empty.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the tables, what must never happen in them, and what a request was told."""
    op.create_table(
        "outage",
        sa.Column("no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        _recorded(),
        *_to("outage", "vehicle_no", "vehicle"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        *_to("outage", "recorded_by_no", "person", nullable=True),
        *_period("outage"),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("no", name="pk_outage"),
        sa.UniqueConstraint("id", name="uq_outage_id"),
    )
    op.create_index("ix_outage_vehicle_no", "outage", ["vehicle_no"])
    op.execute(
        "ALTER TABLE outage ADD CONSTRAINT one_outage_of_a_kind_at_a_time EXCLUDE USING gist ("
        "int8range(vehicle_no, vehicle_no, '[]') WITH &&, word_range(kind, kind, '[]') WITH &&, "
        "period WITH &&) WHERE (withdrawn_at IS NULL) DEFERRABLE INITIALLY IMMEDIATE"
    )
    op.create_table(
        "person_allowance",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        _recorded(),
        *_to("person_allowance", "person_no", "person"),
        sa.Column("draws", sa.Boolean(), nullable=False),
        *_period("person_allowance"),
        sa.PrimaryKeyConstraint("no", name="pk_person_allowance"),
    )
    op.create_index("ix_person_allowance_person_no", "person_allowance", ["person_no"])
    op.execute(
        "ALTER TABLE person_allowance ADD CONSTRAINT one_allowance_at_a_time EXCLUDE USING gist ("
        "int8range(person_no, person_no, '[]') WITH &&, period WITH &&) "
        "DEFERRABLE INITIALLY IMMEDIATE"
    )
    op.create_table(
        "departure_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        _recorded(),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_departure_check_order_id"),
        *_to("departure_check", "vehicle_no", "vehicle"),
        *_to("departure_check", "checked_by_no", "person"),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("items", postgresql.JSONB(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        *_to("departure_check", "outage_no", "outage", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_departure_check"),
    )
    for column in ("order_id", "vehicle_no"):
        op.create_index(f"ix_departure_check_{column}", "departure_check", [column])
    op.add_column("request", sa.Column("allowance", postgresql.JSONB(), nullable=True))


def _recorded() -> sa.Column[object]:
    return sa.Column(
        "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _period(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.CheckConstraint("NOT isempty(period)", name=f"{table}_period_not_empty"),
    ]


def _to(
    table: str, column: str, target: str, *, nullable: bool = False
) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column(column, sa.BigInteger(), nullable=nullable),
        sa.ForeignKeyConstraint([column], [f"{target}.no"], name=f"fk_{table}_{column}"),
    ]
