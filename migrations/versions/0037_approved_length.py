"""How long a ride was approved for, kept once its times are changed.

A version of before leaves the column empty, and compares with the times of then.
"""

from alembic import op

revision = "0037"
down_revision = "0036"

STATEMENTS = ("ALTER TABLE request ADD COLUMN approved_s integer CHECK (approved_s > 0)",)


def upgrade() -> None:
    """Add the column."""
    for statement in STATEMENTS:
        op.execute(statement)
