"""Auto-dispatch: who answers for it, its rounds and notes, its lease, and which steps it took.

A step that the system takes in the duty dispatcher's name says so: `automatic`. Older versions
write false, which is true of them.
"""

from alembic import op

revision = "0021"
down_revision = "0020"

STATEMENTS = (
    "ALTER TABLE request_step ADD COLUMN automatic boolean NOT NULL DEFAULT false",
    "ALTER TABLE order_step ADD COLUMN automatic boolean NOT NULL DEFAULT false",
    """
    CREATE TABLE duty_dispatcher (
        no bigint GENERATED ALWAYS AS IDENTITY,
        id uuid NOT NULL,
        organisation_no bigint NOT NULL,
        person_no bigint NOT NULL,
        appointed_by_no bigint NOT NULL,
        period tstzrange NOT NULL,
        withdrawn_at timestamptz,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_duty_dispatcher PRIMARY KEY (no),
        CONSTRAINT uq_duty_dispatcher_id UNIQUE (id),
        CONSTRAINT fk_duty_dispatcher_organisation_no_organisation
            FOREIGN KEY (organisation_no) REFERENCES organisation (no),
        CONSTRAINT fk_duty_dispatcher_person_no_person
            FOREIGN KEY (person_no) REFERENCES person (no),
        CONSTRAINT fk_duty_dispatcher_appointed_by_no_person
            FOREIGN KEY (appointed_by_no) REFERENCES person (no),
        CONSTRAINT ck_duty_dispatcher_period CHECK (NOT isempty(period)),
        CONSTRAINT one_duty_dispatcher_at_a_time EXCLUDE USING gist (
            int8range(organisation_no, organisation_no, '[]') WITH &&, period WITH &&
        ) WHERE (withdrawn_at IS NULL) DEFERRABLE
    )
    """,
    "CREATE INDEX ix_duty_dispatcher_organisation_no ON duty_dispatcher (organisation_no)",
    "CREATE INDEX ix_duty_dispatcher_person_no ON duty_dispatcher (person_no)",
    """
    CREATE TABLE auto_dispatch_round (
        id uuid NOT NULL,
        at timestamptz NOT NULL,
        method varchar NOT NULL,
        versions jsonb NOT NULL,
        requests jsonb NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_auto_dispatch_round PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE auto_dispatch_note (
        no bigserial,
        request_id uuid NOT NULL,
        revision integer NOT NULL,
        outcome varchar NOT NULL,
        stop varchar,
        sentence varchar NOT NULL,
        at timestamptz NOT NULL,
        round_id uuid,
        suggestion_id uuid,
        order_id uuid,
        CONSTRAINT pk_auto_dispatch_note PRIMARY KEY (no),
        CONSTRAINT fk_auto_dispatch_note_request_id_request
            FOREIGN KEY (request_id) REFERENCES request (id),
        CONSTRAINT fk_auto_dispatch_note_round_id_auto_dispatch_round
            FOREIGN KEY (round_id) REFERENCES auto_dispatch_round (id),
        CONSTRAINT fk_auto_dispatch_note_suggestion_id_suggestion
            FOREIGN KEY (suggestion_id) REFERENCES suggestion (id),
        CONSTRAINT fk_auto_dispatch_note_order_id_orders
            FOREIGN KEY (order_id) REFERENCES orders (id)
    )
    """,
    "CREATE INDEX ix_auto_dispatch_note_request_id_no ON auto_dispatch_note (request_id, no)",
    "CREATE INDEX ix_auto_dispatch_note_round_id ON auto_dispatch_note (round_id)",
    "CREATE INDEX ix_auto_dispatch_note_suggestion_id ON auto_dispatch_note (suggestion_id)",
    "CREATE INDEX ix_auto_dispatch_note_order_id ON auto_dispatch_note (order_id)",
    """
    CREATE INDEX ix_auto_dispatch_note_acted_at ON auto_dispatch_note (at)
    WHERE outcome IN ('assigned', 'reassigned')
    """,
    """
    CREATE TABLE dispatch_lease (
        partition integer NOT NULL,
        owner varchar,
        epoch bigint NOT NULL DEFAULT 0,
        expires_at timestamptz,
        CONSTRAINT pk_dispatch_lease PRIMARY KEY (partition)
    )
    """,
)


def upgrade() -> None:
    """Create them."""
    for statement in STATEMENTS:
        op.execute(statement)
