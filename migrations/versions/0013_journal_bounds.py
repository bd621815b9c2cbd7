"""What bounds the journal's window, which heads stand outside, and how soon data may be erased.

An entry that can't be sealed is set aside, with the reason, so that those behind it are sealed; and
no rule of retention is shorter than the legal minimum, however it came into the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

# The figures of fleet/retention/kinds.py at this revision; a stricter law is another migration.
KEPT_LONG_ENOUGH = """
    keep_days >= CASE kind WHEN 'tracks' THEN 184 WHEN 'journal' THEN 184
        WHEN 'orders' THEN 1096 WHEN 'findings' THEN 1096 WHEN 'quarantine' THEN 7 ELSE 1 END
"""

GUARD = """
    CREATE TRIGGER heads_are_only_added_to BEFORE UPDATE OR DELETE ON journal_heads
        FOR EACH ROW EXECUTE FUNCTION journal_refuse();
    CREATE TRIGGER heads_are_never_emptied BEFORE TRUNCATE ON journal_heads
        FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
"""


def upgrade() -> None:
    """Add why an entry was set aside and where heads are kept, forbid rules that are too short."""
    op.create_table(
        "journal_heads",
        sa.Column("no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_seal", sa.BigInteger(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("no", name="pk_journal_heads"),
    )
    op.execute(GUARD)
    op.add_column("journal_pending", sa.Column("refused", sa.String(), nullable=True))
    op.create_check_constraint(
        "ck_retention_rule_kept_long_enough", "retention_rule", KEPT_LONG_ENOUGH
    )
