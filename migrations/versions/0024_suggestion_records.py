"""What suggestions rest on, packed, so that they can be replayed; and orders found by their period.

Content is compressed already: PostgreSQL stores it as it is.
"""

from alembic import op

revision = "0024"
down_revision = "0023"

STATEMENTS = (
    """
    CREATE TABLE suggestion_record (
        suggestion_id uuid NOT NULL,
        content bytea NOT NULL,
        sha256 bytea NOT NULL,
        rules_version integer NOT NULL,
        map_version varchar,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_suggestion_record PRIMARY KEY (suggestion_id),
        CONSTRAINT fk_suggestion_record_suggestion_id_suggestion
            FOREIGN KEY (suggestion_id) REFERENCES suggestion (id),
        CONSTRAINT ck_suggestion_record_sha256 CHECK (length(sha256) = 32)
    )
    """,
    "ALTER TABLE suggestion_record ALTER COLUMN content SET STORAGE EXTERNAL",
    # Who is busy, and how much duty drivers have on a day, is asked of all orders at once.
    "CREATE INDEX ix_orders_period ON orders USING gist (period)",
)


def upgrade() -> None:
    """Make room for records."""
    for statement in STATEMENTS:
        op.execute(statement)
