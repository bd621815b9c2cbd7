"""The journal's chain: canonical bytes, salted digests and gapless seals.

An older version may go on writing entries without canonical bytes beside this one: they wait for
their seal like the others, and the sealer gives them their bytes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# Every entry waits for its seal from the moment at which it is committed, whoever wrote it.
AWAIT_SEAL = """
    CREATE FUNCTION journal_await_seal() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO journal_pending (entry_no) VALUES (NEW.no);
        RETURN NULL;
    END $$;
    CREATE TRIGGER journal_awaits_seal AFTER INSERT ON journal
        FOR EACH ROW EXECUTE FUNCTION journal_await_seal();
"""

# Two changes are allowed, and known by their shape: an older version's entry is given its bytes
# before its seal, and an erasure takes what is personal and names the entry that records it.
GUARD_ENTRIES = """
    CREATE FUNCTION journal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        given text[] := ARRAY['header', 'salt', 'payload', 'before', 'after'];
        taken text[] := ARRAY['salt', 'payload', 'actor_name', 'reason', 'address', 'erased_by'];
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF OLD.header IS NULL AND NEW.header IS NOT NULL
               AND NEW.before IS NULL AND NEW.after IS NULL
               AND to_jsonb(OLD) - given = to_jsonb(NEW) - given
            THEN RETURN NEW; END IF;
            IF OLD.erased_by IS NULL AND NEW.erased_by IS NOT NULL
               AND num_nonnulls(NEW.salt, NEW.payload, NEW.actor_name, NEW.reason, NEW.address) = 0
               AND to_jsonb(OLD) - taken = to_jsonb(NEW) - taken
            THEN RETURN NEW; END IF;
        END IF;
        RAISE EXCEPTION 'the journal is only added to' USING ERRCODE = 'insufficient_privilege';
    END $$;
    CREATE TRIGGER journal_is_only_added_to BEFORE UPDATE OR DELETE ON journal
        FOR EACH ROW EXECUTE FUNCTION journal_guard();
"""

GUARD_WHOLE = """
    CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the journal is only added to' USING ERRCODE = 'insufficient_privilege';
    END $$;
    CREATE TRIGGER journal_is_never_emptied BEFORE TRUNCATE ON journal
        FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
    CREATE TRIGGER seals_are_only_added_to BEFORE UPDATE OR DELETE ON journal_seal
        FOR EACH ROW EXECUTE FUNCTION journal_refuse();
    CREATE TRIGGER seals_are_never_emptied BEFORE TRUNCATE ON journal_seal
        FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
"""

# A queue that is filled and emptied all day: clean up behind it early.
TIDY_QUEUE = """
    ALTER TABLE journal_pending SET (
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000
    )
"""


def upgrade() -> None:
    """Give entries their bytes, make the seals and the queue, and guard all that is sealed."""
    # Evidence outlives what it names, and a write locks no person and no organisation for it.
    op.drop_constraint("fk_journal_actor_no", "journal", type_="foreignkey")
    op.drop_constraint("fk_journal_organisation_no", "journal", type_="foreignkey")
    op.alter_column("journal", "actor_name", nullable=True)
    op.add_column("journal", sa.Column("supervisor_no", sa.BigInteger(), nullable=True))
    op.add_column("journal", sa.Column("header", sa.LargeBinary(), nullable=True))
    op.add_column("journal", sa.Column("salt", sa.LargeBinary(), nullable=True))
    op.add_column("journal", sa.Column("payload", sa.LargeBinary(), nullable=True))
    op.add_column("journal", sa.Column("erased_by", sa.Uuid(), nullable=True))
    op.create_table(
        "journal_seal",
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_no", sa.BigInteger(), nullable=False),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload_digest", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_journal_seal"),
        sa.UniqueConstraint("entry_no", name="uq_journal_seal_entry_no"),
    )
    op.create_table(
        "journal_pending",
        sa.Column("entry_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "since",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("entry_no", name="pk_journal_pending"),
    )
    op.execute("INSERT INTO journal_pending (entry_no) SELECT no FROM journal")
    for statement in (AWAIT_SEAL, GUARD_ENTRIES, GUARD_WHOLE, TIDY_QUEUE):
        op.execute(statement)
