"""A vehicle's whole life as dated events, with quotas, standards, applications and documents.

A plate belongs to one present vehicle at a time: it may go to another when its vehicle has left.
Vehicles that stood in the register before get the events that their dates tell of.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"


def _no() -> "sa.Column[object]":
    return sa.Column("no", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def _serial() -> "sa.Column[object]":
    return sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False)


def _id() -> "sa.Column[object]":
    return sa.Column("id", sa.Uuid(), nullable=False)


def _period() -> "sa.Column[object]":
    return sa.Column("period", postgresql.TSTZRANGE(), nullable=False)


def _recorded_at() -> "sa.Column[object]":
    return sa.Column(
        "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.no"], name=f"fk_{table}_{column}")


def _number(column: str) -> str:
    return f"int8range({column}, {column}, '[]') WITH &&"


def _word(column: str) -> str:
    return f"word_range({column}, {column}, '[]') WITH &&"


def _exclude(table: str, name: str, *keys: str) -> str:
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {name} "
        f"EXCLUDE USING gist ({', '.join((*keys, 'period WITH &&'))}) "
        "DEFERRABLE INITIALLY IMMEDIATE"
    )


def _full(table: str) -> str:
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_period_not_empty CHECK (NOT isempty(period))"
    )


# By its digest: GiST knows no distance between texts, and 60,000 plates as ranges of text take
# minutes to write instead of seconds.
_DIGEST = "hashtextextended(plate || ' ' || plate_colour, 0) / 2"
PLATE = f"int8range({_DIGEST}, {_DIGEST}, '[]') WITH &&"

PROMISES = [
    _exclude("vehicle_plate", "one_holder_of_a_plate_at_a_time", PLATE),
    _exclude("vehicle_plate", "one_plate_of_a_vehicle_at_a_time", _number("vehicle_no")),
    _exclude("quota", "one_quota_at_a_time", _number("organisation_no"), _word("category")),
    _exclude(
        "standard",
        "one_standard_at_a_time",
        _number("coalesce(organisation_no, 0)"),
        _word("coalesce(category, '')"),
        _word("condition"),
        _word("bodies"),
        "int4range(new_energy::int, new_energy::int, '[]') WITH &&",
    ),
    _full("vehicle_plate"),
    _full("quota"),
    _full("standard"),
    "ALTER TABLE quota ADD CONSTRAINT quota_not_negative CHECK (count >= 0)",
    "ALTER TABLE secret_vehicle_count ADD CONSTRAINT secret_vehicle_count_not_negative "
    "CHECK (count >= 0)",
]

# When a plate of before was given out is not known: it is held for all that came before.
KNOWN_BEFORE = [
    "INSERT INTO vehicle_plate (vehicle_no, plate, plate_colour, period) "
    "SELECT no, plate, plate_colour, tstzrange(NULL, withdrawn_at) FROM vehicle",
    "UPDATE vehicle SET state = 'disposed' WHERE withdrawn_at IS NOT NULL",
    """
    INSERT INTO vehicle_event (id, vehicle_no, kind, day, facts, organisation_no)
    SELECT gen_random_uuid(), v.no, step.kind,
           (coalesce(lower(u.period), v.recorded_at) AT TIME ZONE 'Asia/Shanghai')::date,
           '{}', u.organisation_no
    FROM vehicle v
    LEFT JOIN LATERAL (
        SELECT organisation_no, period FROM vehicle_unit WHERE vehicle_no = v.no
        ORDER BY lower(period) NULLS FIRST LIMIT 1
    ) u ON true
    CROSS JOIN (
        VALUES (1, 'registered'), (2, 'allocated'), (3, 'put_in_use')
    ) AS step (n, kind)
    ORDER BY v.no, step.n
    """,
    """
    INSERT INTO vehicle_event (id, vehicle_no, kind, day, facts)
    SELECT gen_random_uuid(), no, 'disposed',
           (withdrawn_at AT TIME ZONE 'Asia/Shanghai')::date, '{}'
    FROM vehicle WHERE withdrawn_at IS NOT NULL
    """,
]

# Source: 党政机关公务用车管理办法 (中办发〔2017〕71号) article 7, read in public copies, not in the
# gazette; every bound includes its own value. Price in fen, displacement in ml. There is none for
# special technical vehicles: their department sets it together with finance.
_ARTICLE_7 = "中办发〔2017〕71号第七条（据公开转载核对，未见原件）"
_ALL, _SMALL, _LARGE = "", "minibus,mpv,sedan,suv", "coach"
STANDARDS: list[tuple[str | None, str, str, bool, int, int | None]] = [
    ("confidential_courier", "normal", _ALL, False, 12_000_000, 1600),
    ("emergency", "normal", _ALL, False, 18_000_000, 1800),
    ("emergency", "special_circumstances", _SMALL, False, 25_000_000, 3000),
    ("emergency", "special_circumstances", _LARGE, False, 45_000_000, None),
    ("other_prescribed", "normal", _ALL, False, 18_000_000, 1800),
    ("other_prescribed", "special_circumstances", _SMALL, False, 25_000_000, 3000),
    ("other_prescribed", "special_circumstances", _LARGE, False, 45_000_000, None),
    ("enforcement", "normal", _ALL, False, 12_000_000, 1600),
    ("enforcement", "work_needs", _ALL, False, 18_000_000, 1800),
    ("enforcement", "special_circumstances", _SMALL, False, 25_000_000, 3000),
    ("enforcement", "special_circumstances", _LARGE, False, 45_000_000, None),
    (None, "normal", "sedan", True, 18_000_000, None),
]


def upgrade() -> None:
    """Make it so."""
    _vehicle()
    _documents()
    _events()
    _quotas()
    _applications()
    for statement in (*KNOWN_BEFORE, *PROMISES):
        op.execute(statement)
    _seed_standards()


def _vehicle() -> None:
    for name, kind in (
        ("use_type", sa.String()),
        ("body", sa.String()),
        ("engine_number", sa.String()),
        ("displacement_ml", sa.Integer()),
        ("price_fen", sa.BigInteger()),
        ("funding", sa.String()),
        ("purchase_date", sa.Date()),
        ("tank_l", sa.Integer()),
        ("battery_kwh", sa.Integer()),
        ("norm_ml_per_100km", sa.Integer()),
        ("norm_wh_per_100km", sa.Integer()),
        ("marking_date", sa.Date()),
        ("marking_basis", sa.String()),
    ):
        op.add_column("vehicle", sa.Column(name, kind, nullable=True))
    for name, default in (
        ("state", "'in_use'"),
        ("marking", "'unmarked'"),
        ("condition", "'normal'"),
    ):
        op.add_column(
            "vehicle",
            sa.Column(name, sa.String(), server_default=sa.text(default), nullable=False),
        )
    op.add_column(
        "vehicle",
        sa.Column(
            "excess", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
    )
    op.create_index("ix_vehicle_plate_id", "vehicle", ["plate", "id"])
    # The name stays, because processes of the old version know the refusal by it.
    op.drop_constraint("uq_vehicle_plate_plate_colour", "vehicle", type_="unique")
    op.create_index(
        "uq_vehicle_plate_plate_colour",
        "vehicle",
        ["plate", "plate_colour"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index(
        "ix_vehicle_present_plate_id",
        "vehicle",
        ["plate", "id"],
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index(
        "uq_vehicle_vin_present",
        "vehicle",
        ["vin"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL AND vin IS NOT NULL"),
    )
    op.create_table(
        "vehicle_plate",
        _serial(),
        sa.Column("vehicle_no", sa.BigInteger(), nullable=False),
        sa.Column("plate", sa.String(), nullable=False),
        sa.Column("plate_colour", sa.String(), nullable=False),
        _period(),
        _recorded_at(),
        _key("vehicle_plate", "vehicle_no", "vehicle"),
        sa.PrimaryKeyConstraint("no", name="pk_vehicle_plate"),
    )
    op.create_index("ix_vehicle_plate_vehicle_no", "vehicle_plate", ["vehicle_no"])
    op.create_index("ix_vehicle_plate_plate", "vehicle_plate", ["plate"])
    op.create_table(
        "plate_refusal",
        sa.Column("only", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("key_check", sa.LargeBinary(), nullable=False),
        sa.Column("digests", postgresql.ARRAY(sa.LargeBinary()), nullable=False),
        _recorded_at(),
        sa.PrimaryKeyConstraint("only", name="pk_plate_refusal"),
    )


def _documents() -> None:
    op.create_table(
        "vehicle_document",
        _no(),
        _id(),
        sa.Column("vehicle_no", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("recorded_by_no", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        _recorded_at(),
        _key("vehicle_document", "vehicle_no", "vehicle"),
        _key("vehicle_document", "recorded_by_no", "person"),
        sa.PrimaryKeyConstraint("no", name="pk_vehicle_document"),
        sa.UniqueConstraint("id", name="uq_vehicle_document_id"),
    )
    op.create_index(
        "ix_vehicle_document_vehicle_no_kind",
        "vehicle_document",
        ["vehicle_no", "kind", "expires_on"],
    )
    op.create_index("ix_vehicle_document_expires_on_id", "vehicle_document", ["expires_on", "id"])


def _events() -> None:
    op.create_table(
        "vehicle_event",
        _no(),
        _id(),
        sa.Column("vehicle_no", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=True),
        sa.Column("document_no", sa.BigInteger(), nullable=True),
        sa.Column("recorded_by_no", sa.BigInteger(), nullable=True),
        _recorded_at(),
        _key("vehicle_event", "vehicle_no", "vehicle"),
        _key("vehicle_event", "organisation_no", "organisation"),
        _key("vehicle_event", "document_no", "vehicle_document"),
        _key("vehicle_event", "recorded_by_no", "person"),
        sa.PrimaryKeyConstraint("no", name="pk_vehicle_event"),
        sa.UniqueConstraint("id", name="uq_vehicle_event_id"),
    )
    op.create_index(
        "ix_vehicle_event_vehicle_no_day_no", "vehicle_event", ["vehicle_no", "day", "no"]
    )


def _quotas() -> None:
    op.create_table(
        "quota",
        _no(),
        _id(),
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        _period(),
        _recorded_at(),
        _key("quota", "organisation_no", "organisation"),
        sa.PrimaryKeyConstraint("no", name="pk_quota"),
        sa.UniqueConstraint("id", name="uq_quota_id"),
    )
    op.create_index("ix_quota_organisation_no_category", "quota", ["organisation_no", "category"])
    op.create_table(
        "standard",
        _no(),
        _id(),
        sa.Column("organisation_no", sa.BigInteger(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("bodies", sa.String(), nullable=False),
        sa.Column("new_energy", sa.Boolean(), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("displacement_ml", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        _period(),
        _recorded_at(),
        _key("standard", "organisation_no", "organisation"),
        sa.PrimaryKeyConstraint("no", name="pk_standard"),
        sa.UniqueConstraint("id", name="uq_standard_id"),
    )
    op.create_index("ix_standard_organisation_no", "standard", ["organisation_no"])
    op.create_table(
        "secret_vehicle_count",
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        _recorded_at(),
        _key("secret_vehicle_count", "organisation_no", "organisation"),
        sa.PrimaryKeyConstraint("organisation_no", name="pk_secret_vehicle_count"),
    )


def _seed_standards() -> None:
    insert = sa.text(
        "INSERT INTO standard (id, category, condition, bodies, new_energy, price_fen, "
        "displacement_ml, source, period) VALUES (gen_random_uuid(), :category, :condition, "
        ":bodies, :new_energy, :price_fen, :displacement_ml, :source, "
        "tstzrange('2017-12-05 00:00:00+08', NULL))"
    )
    for category, condition, bodies, new_energy, price_fen, displacement_ml in STANDARDS:
        op.get_bind().execute(
            insert,
            {
                "category": category,
                "condition": condition,
                "bodies": bodies,
                "new_energy": new_energy,
                "price_fen": price_fen,
                "displacement_ml": displacement_ml,
                "source": _ARTICLE_7,
            },
        )


def _applications() -> None:
    op.create_table(
        "application",
        _no(),
        _id(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("organisation_no", sa.BigInteger(), nullable=False),
        sa.Column("vehicle_no", sa.BigInteger(), nullable=True),
        sa.Column("applicant_no", sa.BigInteger(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        _recorded_at(),
        _key("application", "organisation_no", "organisation"),
        _key("application", "vehicle_no", "vehicle"),
        _key("application", "applicant_no", "person"),
        sa.PrimaryKeyConstraint("no", name="pk_application"),
        sa.UniqueConstraint("id", name="uq_application_id"),
    )
    op.create_index("ix_application_organisation_no_no", "application", ["organisation_no", "no"])
    op.create_index("ix_application_vehicle_no", "application", ["vehicle_no"])
    op.create_table(
        "application_step",
        _serial(),
        sa.Column("application_no", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("person_no", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        _recorded_at(),
        _key("application_step", "application_no", "application"),
        _key("application_step", "person_no", "person"),
        sa.PrimaryKeyConstraint("no", name="pk_application_step"),
    )
    op.create_index("ix_application_step_application_no", "application_step", ["application_no"])
