"""Plans that the system asks for by itself, one for each organisation and day at most.

A version of before asks for none.
"""

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Add the column and what must never happen twice."""
    op.execute("ALTER TABLE plan ADD COLUMN automatic boolean NOT NULL DEFAULT false")
    op.execute(
        "CREATE UNIQUE INDEX one_automatic_plan_a_day ON plan (organisation_no, day)"
        " WHERE automatic"
    )
