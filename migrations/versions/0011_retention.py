"""How long data are kept, what is held back from erasure, and what retention has erased."""

from alembic import op

revision = "0011"
down_revision = "0010"

TABLES = (
    """
    CREATE TABLE retention_rule (
        no bigserial,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        kind varchar NOT NULL,
        keep_days integer NOT NULL,
        period tstzrange NOT NULL,
        set_by_no bigint,
        CONSTRAINT pk_retention_rule PRIMARY KEY (no),
        CONSTRAINT fk_retention_rule_set_by_no FOREIGN KEY (set_by_no) REFERENCES person (no),
        CONSTRAINT one_retention_at_a_time EXCLUDE USING gist (
            word_range(kind, kind, '[]') WITH &&, period WITH &&
        ) DEFERRABLE INITIALLY IMMEDIATE
    )
    """,
    """
    CREATE TABLE retention_run (
        day date NOT NULL,
        began_at timestamptz NOT NULL,
        ended_at timestamptz,
        results jsonb NOT NULL,
        CONSTRAINT pk_retention_run PRIMARY KEY (day)
    )
    """,
    """
    CREATE TABLE retention_horizon (
        kind varchar NOT NULL,
        before timestamptz NOT NULL,
        CONSTRAINT pk_retention_horizon PRIMARY KEY (kind)
    )
    """,
    """
    CREATE TABLE hold (
        no bigint GENERATED ALWAYS AS IDENTITY,
        id uuid NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        case_number varchar NOT NULL,
        reason varchar NOT NULL,
        organisation_no bigint NOT NULL,
        vehicle_no bigint,
        person_no bigint,
        period tstzrange NOT NULL,
        placed_by_no bigint,
        placed_at timestamptz NOT NULL,
        released_by_no bigint,
        released_at timestamptz,
        CONSTRAINT pk_hold PRIMARY KEY (no),
        CONSTRAINT uq_hold_id UNIQUE (id),
        CONSTRAINT fk_hold_organisation_no
            FOREIGN KEY (organisation_no) REFERENCES organisation (no),
        CONSTRAINT fk_hold_vehicle_no FOREIGN KEY (vehicle_no) REFERENCES vehicle (no),
        CONSTRAINT fk_hold_person_no FOREIGN KEY (person_no) REFERENCES person (no),
        CONSTRAINT fk_hold_placed_by_no FOREIGN KEY (placed_by_no) REFERENCES person (no),
        CONSTRAINT fk_hold_released_by_no FOREIGN KEY (released_by_no) REFERENCES person (no),
        CONSTRAINT hold_period_not_empty CHECK (NOT isempty(period)),
        CONSTRAINT holds_a_vehicle_or_a_person CHECK ((vehicle_no IS NULL) <> (person_no IS NULL))
    )
    """,
    "CREATE INDEX ix_hold_organisation_no ON hold (organisation_no)",
    "CREATE INDEX ix_hold_vehicle_no ON hold (vehicle_no)",
    "CREATE INDEX ix_hold_person_no ON hold (person_no)",
)


def upgrade() -> None:
    """Create the tables."""
    for statement in TABLES:
        op.execute(statement)
