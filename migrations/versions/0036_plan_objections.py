"""What the rules said against a line of a plan that was refused when it was confirmed.

A version of before leaves the column empty, and tells the type of the refusal alone.
"""

from alembic import op

revision = "0036"
down_revision = "0035"

STATEMENTS = ("ALTER TABLE plan_line ADD COLUMN objections jsonb",)


def upgrade() -> None:
    """Add the column."""
    for statement in STATEMENTS:
        op.execute(statement)
