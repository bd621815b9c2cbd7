"""Where passengers wait whose vehicle broke down on the way.

A version of before leaves the columns empty, and sends the next vehicle to the origin.
"""

from alembic import op

revision = "0035"
down_revision = "0034"

STATEMENTS = (
    """
    ALTER TABLE request
        ADD COLUMN pickup_name varchar,
        ADD COLUMN pickup_latitude double precision,
        ADD COLUMN pickup_longitude double precision,
        ADD CONSTRAINT ck_request_pickup CHECK (
            num_nulls(pickup_name, pickup_latitude, pickup_longitude) IN (0, 3))
    """,
)


def upgrade() -> None:
    """Add the columns."""
    for statement in STATEMENTS:
        op.execute(statement)
