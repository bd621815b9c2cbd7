"""Organisations over time: regions, names, mergers, inherited rules.

Names are dated, so that what is written about a year shows the names of that year. A mandate for
one matter over one organisation has one holder at a time. A rule says one thing at a time.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def _recorded_at() -> "sa.Column[object]":
    return sa.Column(
        "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _number(column: str) -> str:
    return f"int8range({column}, {column}, '[]') WITH &&"


def _word(column: str) -> str:
    return f"word_range({column}, {column}, '[]') WITH &&"


def _exclude(table: str, name: str, *keys: str) -> str:
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {name} "
        f"EXCLUDE USING gist ({', '.join(keys)}) DEFERRABLE INITIALLY IMMEDIATE"
    )


PROMISES = [
    _exclude(
        "organisation_name", "one_name_at_a_time", _number("organisation_no"), "period WITH &&"
    ),
    _exclude(
        "mandate",
        "one_mandate_holder_at_a_time",
        _number("over_no"),
        _word("matter"),
        "period WITH &&",
    ),
    _exclude(
        "rule_value",
        "one_value_at_a_time",
        _number("organisation_no"),
        _word("key"),
        "period WITH &&",
    ),
    _exclude(
        "region",
        "one_region_a_code",
        _word("code"),
        "daterange(valid_from, valid_to) WITH &&",
    ),
    "ALTER TABLE organisation_name ADD CONSTRAINT organisation_name_period_not_empty "
    "CHECK (NOT isempty(period))",
    "ALTER TABLE rule_value ADD CONSTRAINT rule_value_period_not_empty CHECK (NOT isempty(period))",
    "ALTER TABLE region ADD CONSTRAINT region_valid_once CHECK (valid_from < valid_to)",
    "ALTER TABLE organisation_succession ADD CONSTRAINT no_successor_of_itself "
    "CHECK (predecessor_no <> successor_no)",
]


def upgrade() -> None:
    """Make it so."""
    _organisations()
    _regions()
    _rules()
    for statement in PROMISES:
        op.execute(statement)


def _organisations() -> None:
    op.add_column("organisation", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_organisation_sort_key_id", "organisation", ["sort_key", "id"])
    op.create_index("ix_terminal_phone_id", "terminal", ["phone", "id"])
    op.create_table(
        "organisation_name",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        _recorded_at(),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_organisation_name_organisation_no"
        ),
        sa.PrimaryKeyConstraint("no", name="pk_organisation_name"),
    )
    op.create_index(
        "ix_organisation_name_organisation_no", "organisation_name", ["organisation_no"]
    )
    # When the names of before began is not known: they hold for all that came before.
    op.execute(
        "INSERT INTO organisation_name (organisation_no, name, period) "
        "SELECT no, name, tstzrange(NULL, NULL) FROM organisation"
    )
    op.create_table(
        "organisation_succession",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("predecessor_no", sa.BigInteger(), nullable=False),
        sa.Column("successor_no", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _recorded_at(),
        sa.ForeignKeyConstraint(
            ["predecessor_no"],
            ["organisation.no"],
            name="fk_organisation_succession_predecessor_no",
        ),
        sa.ForeignKeyConstraint(
            ["successor_no"], ["organisation.no"], name="fk_organisation_succession_successor_no"
        ),
        sa.PrimaryKeyConstraint("no", name="pk_organisation_succession"),
        sa.UniqueConstraint("predecessor_no", name="uq_organisation_succession_predecessor_no"),
    )
    op.create_index(
        "ix_organisation_succession_successor_no", "organisation_succession", ["successor_no"]
    )
    # The default serves processes of the old version, which know no ids of mandates.
    op.add_column(
        "mandate",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
    )
    op.create_unique_constraint("uq_mandate_id", "mandate", ["id"])


def _regions() -> None:
    op.create_table(
        "region",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor", sa.String(), nullable=True),
        _recorded_at(),
        sa.PrimaryKeyConstraint("no", name="pk_region"),
    )
    op.create_index("ix_region_code", "region", ["code"])


def _rules() -> None:
    op.create_table(
        "rule_value",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("value", postgresql.JSONB(), nullable=False),
        sa.Column("open_below", sa.Boolean(), nullable=False),
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        _recorded_at(),
        sa.ForeignKeyConstraint(
            ["organisation_no"], ["organisation.no"], name="fk_rule_value_organisation_no"
        ),
        sa.PrimaryKeyConstraint("no", name="pk_rule_value"),
        sa.UniqueConstraint(
            "organisation_no", "key", "version", name="uq_rule_value_organisation_no_key_version"
        ),
    )
