"""Places at which a ride calls on its way, with the stays there.

A version of before asks for none, and drives from the origin to the destination alone.
"""

from alembic import op

revision = "0033"
down_revision = "0032"

TABLES = ("request", "request_series")


def upgrade() -> None:
    """Add the columns; no row is rewritten."""
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN waypoints jsonb NOT NULL DEFAULT '[]'::jsonb")
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_waypoints CHECK"
            " (jsonb_typeof(waypoints) = 'array' AND jsonb_array_length(waypoints) <= 8)"
        )
