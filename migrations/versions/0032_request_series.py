"""Rides that return: asked for and approved once, each a request of its own.

A version of before shows such requests as any other, and promises none of them by itself.
"""

from alembic import op

revision = "0032"
down_revision = "0031"

STATEMENTS = (
    """
    CREATE TABLE request_series (
        id uuid NOT NULL,
        organisation_no bigint NOT NULL,
        applicant_no bigint NOT NULL,
        passenger_no bigint NOT NULL,
        passengers integer NOT NULL,
        purpose varchar NOT NULL,
        purpose_text varchar NOT NULL,
        category varchar,
        origin_name varchar NOT NULL,
        origin_latitude double precision NOT NULL,
        origin_longitude double precision NOT NULL,
        destination_name varchar NOT NULL,
        destination_latitude double precision NOT NULL,
        destination_longitude double precision NOT NULL,
        round_trip boolean NOT NULL,
        may_share boolean NOT NULL,
        repeats varchar NOT NULL,
        weekdays smallint[] NOT NULL,
        days_off_too boolean NOT NULL,
        first_day date NOT NULL,
        last_day date NOT NULL,
        start_time time NOT NULL,
        end_time time NOT NULL,
        at_most integer NOT NULL,
        state varchar NOT NULL,
        revision integer NOT NULL,
        state_reason varchar,
        submitted_at timestamptz NOT NULL,
        approved_by_no bigint,
        approved_at timestamptz,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_request_series PRIMARY KEY (id),
        CONSTRAINT fk_request_series_organisation_no
            FOREIGN KEY (organisation_no) REFERENCES organisation (no),
        CONSTRAINT fk_request_series_applicant_no FOREIGN KEY (applicant_no) REFERENCES person (no),
        CONSTRAINT fk_request_series_passenger_no FOREIGN KEY (passenger_no) REFERENCES person (no),
        CONSTRAINT fk_request_series_approved_by_no
            FOREIGN KEY (approved_by_no) REFERENCES person (no),
        CONSTRAINT ck_request_series_days CHECK (last_day >= first_day AND at_most > 0),
        CONSTRAINT ck_request_series_weekdays
            CHECK ((repeats = 'weekly') = (cardinality(weekdays) > 0)),
        CONSTRAINT ck_request_series_approved
            CHECK ((approved_by_no IS NULL) = (approved_at IS NULL)
                   AND (approved_at IS NOT NULL OR state NOT IN ('approved', 'ended')))
    )
    """,
    "CREATE INDEX ix_request_series_organisation_no ON request_series (organisation_no)",
    "CREATE INDEX ix_request_series_applicant_no ON request_series (applicant_no)",
    "CREATE INDEX ix_request_series_passenger_no ON request_series (passenger_no)",
    "CREATE INDEX ix_request_series_state ON request_series (state)",
    """
    CREATE TABLE series_ride (
        series_id uuid NOT NULL,
        day date NOT NULL,
        request_id uuid NOT NULL,
        awaits_promise boolean NOT NULL,
        alternatives jsonb,
        CONSTRAINT pk_series_ride PRIMARY KEY (series_id, day),
        CONSTRAINT fk_series_ride_series_id FOREIGN KEY (series_id) REFERENCES request_series (id),
        CONSTRAINT fk_series_ride_request_id FOREIGN KEY (request_id) REFERENCES request (id),
        CONSTRAINT uq_series_ride_request_id UNIQUE (request_id)
    )
    """,
    "CREATE INDEX ix_series_ride_awaits_promise ON series_ride (request_id) WHERE awaits_promise",
)


def upgrade() -> None:
    """Add the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
