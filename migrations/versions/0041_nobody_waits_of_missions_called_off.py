"""Rides that broke down after their mission was cancelled await no vehicle any more.

They could neither be assigned for their mission nor be ended, and kept all of it from erasure.
"""

from alembic import op

revision = "0041"
down_revision = "0040"

STATEMENTS = (
    """
    WITH stuck AS (
        UPDATE request q
        SET state = 'interrupted', revision = q.revision + 1, state_reason = '保障任务已取消'
        FROM mission_ride r JOIN mission m ON m.no = r.mission_no
        WHERE q.id = r.request_id AND m.state = 'cancelled' AND q.state = 'awaiting_dispatch'
        RETURNING q.id
    ), ended AS (
        UPDATE reservation r
        SET state = 'released', order_id = NULL, ended_at = now(), reason = '保障任务已取消'
        FROM stuck WHERE r.request_id = stuck.id AND r.state IN ('held', 'bound')
    )
    INSERT INTO request_step (request_id, action, from_state, to_state, automatic, at, reason)
    SELECT id, 'interrupt', 'awaiting_dispatch', 'interrupted', true, now(), '保障任务已取消'
    FROM stuck
    """,
)


def upgrade() -> None:
    """End them."""
    for statement in STATEMENTS:
        op.execute(statement)
