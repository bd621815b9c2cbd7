"""People and drivers: licences, leave, duty, delegation, custody.

Safe beside the version before: columns are added as nullable, and a driver whom that version
writes without a row of `driver_licence` is read from the driver's own columns.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"


def _numbered(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("no", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_recorded(),
        sa.PrimaryKeyConstraint("no", name=f"pk_{table}"),
        sa.UniqueConstraint("id", name=f"uq_{table}_id"),
    ]


def _recorded() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        )
    ]


def _period(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("period", postgresql.TSTZRANGE(), nullable=False),
        sa.CheckConstraint("NOT isempty(period)", name=f"{table}_period_not_empty"),
    ]


def _instant(column: str) -> sa.Column[object]:
    return sa.Column(column, sa.DateTime(timezone=True), nullable=True)


def _to(
    table: str, column: str, target: str, *, nullable: bool = False
) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column(column, sa.BigInteger(), nullable=nullable),
        sa.ForeignKeyConstraint([column], [f"{target}.no"], name=f"fk_{table}_{column}"),
    ]


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)


def _number(column: str) -> str:
    return f"int8range({column}, {column}, '[]') WITH &&"


def _word(column: str) -> str:
    return f"word_range({column}, {column}, '[]') WITH &&"


def _exclude(table: str, name: str, keys: list[str], where: str = "") -> None:
    condition = f" WHERE ({where})" if where else ""
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} "
        f"EXCLUDE USING gist ({', '.join(keys)}, period WITH &&){condition} "
        "DEFERRABLE INITIALLY IMMEDIATE"
    )


def upgrade() -> None:
    """Add the tables, what must never happen in them, and the view of roles held."""
    _licences()
    _delegations()
    _duty()
    _custody()
    op.create_index("ix_person_sort_key_id", "person", ["sort_key", "id"], unique=False)


def _licences() -> None:
    op.add_column("driver", sa.Column("id_number_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("driver", sa.Column("id_number_index", sa.LargeBinary(), nullable=True))
    op.add_column("driver", sa.Column("id_number_tail", sa.String(), nullable=True))
    _index("driver", "id_number_index")
    op.create_table(
        "driver_licence",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        *_to("driver_licence", "driver_no", "driver"),
        sa.Column("licence_class", sa.String(), nullable=False),
        _instant("licence_until"),
        *_period("driver_licence"),
        *_recorded(),
        sa.PrimaryKeyConstraint("no", name="pk_driver_licence"),
    )
    _index("driver_licence", "driver_no", "licence_until")
    _exclude("driver_licence", "one_licence_at_a_time", [_number("driver_no")])
    # The licence of a driver already there is known from their first employment on.
    op.execute("""
        INSERT INTO driver_licence (driver_no, licence_class, licence_until, period)
        SELECT d.no, d.licence_class, d.licence_until,
               tstzrange(coalesce(min(lower(u.period)), d.recorded_at), NULL)
        FROM driver d LEFT JOIN driver_unit u ON u.driver_no = d.no
        GROUP BY d.no
    """)


def _delegations() -> None:
    op.create_table(
        "delegation",
        *_to("delegation", "giver_no", "person"),
        *_to("delegation", "deputy_no", "person"),
        *_to("delegation", "organisation_no", "organisation"),
        sa.Column("role", sa.String(), nullable=False),
        *_period("delegation"),
        sa.Column("reason", sa.String(), nullable=False),
        _instant("withdrawn_at"),
        *_numbered("delegation"),
        sa.CheckConstraint("giver_no <> deputy_no", name="ck_delegation_not_to_oneself"),
        sa.CheckConstraint(
            "NOT lower_inf(period) AND NOT upper_inf(period)", name="ck_delegation_has_an_end"
        ),
    )
    _index("delegation", "giver_no", "deputy_no", "organisation_no")
    _exclude(
        "delegation",
        "one_delegation_at_a_time",
        [_number("giver_no"), _number("organisation_no"), _word("role")],
        "withdrawn_at IS NULL",
    )
    # What a deputy may do ends with the giver's own role, and while the giver is disabled.
    op.execute("""
        CREATE VIEW held_role (person_no, organisation_no, role, period, delegation_no) AS
        SELECT r.person_no, r.organisation_no, r.role, r.period, CAST(NULL AS bigint)
        FROM person_role r
        UNION ALL
        SELECT d.deputy_no, d.organisation_no, d.role, d.period * r.period, d.no
        FROM delegation d
        JOIN person_role r ON r.person_no = d.giver_no AND r.organisation_no = d.organisation_no
                          AND r.role = d.role AND r.period && d.period
        JOIN person g ON g.no = d.giver_no AND g.disabled_at IS NULL
        WHERE d.withdrawn_at IS NULL
    """)


def _duty() -> None:
    op.create_table(
        "duty_shift",
        *_to("duty_shift", "driver_no", "driver"),
        sa.Column("kind", sa.String(), nullable=False),
        *_period("duty_shift"),
        _instant("withdrawn_at"),
        *_numbered("duty_shift"),
    )
    _index("duty_shift", "driver_no")
    _exclude("duty_shift", "one_shift_at_a_time", [_number("driver_no")], "withdrawn_at IS NULL")
    op.create_table(
        "driver_leave",
        *_to("driver_leave", "driver_no", "driver"),
        sa.Column("kind", sa.String(), nullable=False),
        *_period("driver_leave"),
        *_to("driver_leave", "approved_by_no", "person"),
        sa.Column("reason", sa.String(), nullable=False),
        _instant("withdrawn_at"),
        *_numbered("driver_leave"),
    )
    _index("driver_leave", "driver_no")
    _exclude("driver_leave", "one_leave_at_a_time", [_number("driver_no")], "withdrawn_at IS NULL")
    op.create_table(
        "roster_entry",
        *_to("roster_entry", "organisation_no", "organisation"),
        sa.Column("kind", sa.String(), nullable=False),
        *_to("roster_entry", "person_no", "person", nullable=True),
        *_to("roster_entry", "vehicle_no", "vehicle", nullable=True),
        *_period("roster_entry"),
        sa.Column("note", sa.String(), nullable=True),
        _instant("withdrawn_at"),
        *_numbered("roster_entry"),
        sa.CheckConstraint(
            "num_nonnulls(person_no, vehicle_no) = 1", name="ck_roster_entry_one_on_duty"
        ),
    )
    _index("roster_entry", "organisation_no", "person_no", "vehicle_no")
    for who in ("person", "vehicle"):
        _exclude(
            "roster_entry",
            f"{who}_on_one_roster_once",
            [_number("organisation_no"), _number(f"{who}_no"), _word("kind")],
            f"{who}_no IS NOT NULL AND withdrawn_at IS NULL",
        )


def _custody() -> None:
    op.create_table(
        "custody_item",
        *_to("custody_item", "vehicle_no", "vehicle"),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        _instant("ended_at"),
        *_numbered("custody_item"),
    )
    _index("custody_item", "vehicle_no")
    op.create_table(
        "custody",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        *_to("custody", "item_no", "custody_item"),
        *_to("custody", "person_no", "person", nullable=True),
        *_to("custody", "place_no", "place", nullable=True),
        *_to("custody", "organisation_no", "organisation", nullable=True),
        *_period("custody"),
        *_to("custody", "handed_by_no", "person", nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        *_recorded(),
        sa.PrimaryKeyConstraint("no", name="pk_custody"),
        sa.CheckConstraint(
            "num_nonnulls(person_no, place_no, organisation_no) = 1", name="ck_custody_one_holder"
        ),
    )
    _index("custody", "item_no", "person_no", "place_no", "organisation_no")
    _exclude("custody", "one_holder_at_a_time", [_number("item_no")])
    op.execute(_WITHOUT_GAP)
    for table, column, events in (
        ("custody", "item_no", "INSERT OR UPDATE OR DELETE"),
        ("custody_item", "no", "INSERT OR UPDATE"),
    ):
        op.execute(
            f"CREATE CONSTRAINT TRIGGER custody_without_gap AFTER {events} ON {table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
            f"EXECUTE FUNCTION custody_without_gap('{column}')"
        )


_WITHOUT_GAP = """
CREATE FUNCTION custody_without_gap() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    item bigint;
    item_end timestamptz;
BEGIN
    item := CAST(
        CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END ->> TG_ARGV[0] AS bigint
    );
    SELECT ended_at INTO item_end FROM custody_item WHERE no = item;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT FROM custody WHERE item_no = item) OR EXISTS (
        SELECT FROM (
            SELECT upper(period) AS until,
                   lead(lower(period), 1, item_end) OVER (ORDER BY lower(period)) AS next_from
            FROM custody WHERE item_no = item
        ) held
        WHERE until IS DISTINCT FROM next_from
    ) THEN
        RAISE EXCEPTION 'custody item % is held by nobody for a moment', item
            USING ERRCODE = 'check_violation', CONSTRAINT = 'custody_without_gap';
    END IF;
    RETURN NULL;
END
$$
"""
