"""On what a matched round of auto-dispatch rests, packed, so that it can be matched again.

Rounds of earlier versions have none, and older versions beside this one write none.
"""

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Give rounds their record."""
    op.execute(
        """
        ALTER TABLE auto_dispatch_round
            ADD COLUMN content bytea,
            ADD COLUMN sha256 bytea,
            ADD CONSTRAINT ck_auto_dispatch_round_record
                CHECK ((content IS NULL) = (sha256 IS NULL))
        """
    )
