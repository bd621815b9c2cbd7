"""Which requests of a day's plan share a vehicle, and when it calls for each.

A version of before leaves the columns empty, and plans everybody apart.
"""

from alembic import op

revision = "0039"
down_revision = "0038"

STATEMENTS = (
    "ALTER TABLE plan_line ADD COLUMN shared_group integer, ADD COLUMN pick_up_at timestamptz",
)


def upgrade() -> None:
    """Add the columns."""
    for statement in STATEMENTS:
        op.execute(statement)
