"""A plan's first broken promise no longer keeps whose rides it could share.

They are told to each reader as they stand; a plan kept them beyond their own period.
"""

from alembic import op

revision = "0040"
down_revision = "0039"

STATEMENTS = (
    """
    UPDATE plan SET first_broken = jsonb_set(first_broken, '{alternatives,to_share_with}', '[]')
    WHERE jsonb_typeof(first_broken #> '{alternatives,to_share_with}') = 'array'
    """,
)


def upgrade() -> None:
    """Empty the lists."""
    for statement in STATEMENTS:
        op.execute(statement)
