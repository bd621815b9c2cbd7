"""Whose ride a step of a shared order was; and promises of cancelled requests, which are released.

A version of before kept what was promised to a request that was cancelled with its order: others
were refused the vehicle.
"""

from alembic import op

revision = "0038"
down_revision = "0037"

STATEMENTS = (
    "ALTER TABLE order_step ADD COLUMN request_id uuid",
    """
    UPDATE reservation r
    SET state = 'released', order_id = NULL, ended_at = now(), reason = '申请已取消'
    FROM request q
    WHERE q.id = r.request_id AND r.state IN ('held', 'bound')
      AND q.state IN ('cancelled', 'withdrawn', 'rejected')
    """,
)


def upgrade() -> None:
    """Add the column and release."""
    for statement in STATEMENTS:
        op.execute(statement)
