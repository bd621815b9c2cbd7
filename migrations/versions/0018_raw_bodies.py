"""Raw bodies have a time of their own, and what is superseded goes with what it hid.

`settled_day.raw_left` counts the rows that kept their raw body (held ones) when the time of the
others was over; NULL until then, so that each day is rewritten once. `superseded_reading.last_at`
is the latest time at which an older reading stands: with the positions of that time the note goes
too. A writer of the version before knows nothing of it: its notes stay until what stands now is
gone.
"""

from alembic import op

revision = "0018"
down_revision = "0017"

RAW_LEFT = """
ALTER TABLE settled_day ADD COLUMN raw_left bigint,
    ADD CONSTRAINT ck_settled_day_raw_left CHECK (raw_left >= 0)
"""

LAST_AT = "ALTER TABLE superseded_reading ADD COLUMN last_at timestamptz NOT NULL DEFAULT now()"


def upgrade() -> None:
    """Note which days keep raw bodies, and until when a superseded reading matters."""
    op.execute(RAW_LEFT)
    op.execute(LAST_AT)
