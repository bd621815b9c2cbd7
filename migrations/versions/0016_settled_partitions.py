"""Days of positions are settled: repeats out, sorted by (terminal, time), indexed for questions.

Each day's partition has indexes of its own, so that an open day and a settled one may differ: the
index on the parent goes. An open day keeps its B-tree, by which trips follow a terminal, and a
BRIN on the time, because rows come in the order of their time and it costs next to nothing.
"""

from alembic import op

revision = "0016"
down_revision = "0015"

TABLES = (
    """
    CREATE TABLE settled_day (
        day date NOT NULL,
        settled_at timestamptz NOT NULL,
        positions bigint NOT NULL,
        repeats bigint NOT NULL,
        late_since timestamptz,
        CONSTRAINT pk_settled_day PRIMARY KEY (day)
    )
    """,
    """
    CREATE TABLE settling_progress (
        writer_no integer NOT NULL,
        n bigint NOT NULL,
        CONSTRAINT pk_settling_progress PRIMARY KEY (writer_no),
        CONSTRAINT fk_settling_progress_writer_no
            FOREIGN KEY (writer_no) REFERENCES position_writer (no)
    )
    """,
)

# Every stored row, repeats and superseded ones too: finds who may have been somewhere, by an index
# on the cell. What is found is read again from `positions_once` before anything is said.
SEEN = """
CREATE VIEW positions_seen AS
SELECT terminal_no, time, cell, reasons FROM position WHERE time IS NOT NULL AND cell IS NOT NULL
"""

INDEX_OPEN_DAY = """
CREATE FUNCTION index_open_position_day(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE INDEX %I ON %I (terminal_no, time)', name || '_terminal', name);
    EXECUTE format('CREATE INDEX %I ON %I USING brin (time)', name || '_time', name);
END $$
"""

# ATTACH takes a weaker lock than PARTITION OF, so that ingest and readers go on meanwhile.
ENSURE_DAY = """
CREATE OR REPLACE FUNCTION ensure_position_day(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text := 'position_' || to_char(day, 'YYYYMMDD');
    since timestamptz := day::timestamp AT TIME ZONE 'Asia/Shanghai';
    until timestamptz := (day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai';
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('position_day'));
    IF to_regclass(name) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format(
        'CREATE TABLE %I (LIKE position INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name
    );
    PERFORM index_open_position_day(name);
    EXECUTE format(
        'ALTER TABLE position ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, since, until
    );
END $$
"""

INDEX_DAYS_THAT_STAND = """
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'position'::regclass AND c.relname ~ '^position_[0-9]{8}$'
    LOOP
        PERFORM index_open_position_day(name);
    END LOOP;
END $$
"""

# The lock is on the parent alone and is asked for with a short patience: whoever reads or writes
# goes first.
HOLD = """
CREATE FUNCTION hold_positions() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE ONLY position IN ACCESS EXCLUSIVE MODE;
END $$
"""

# The table that takes a day's place bears the bounds as a check while it is attached, so that
# nothing is read again under the lock.
REPLACE_DAY = """
CREATE FUNCTION replace_position_day(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text := 'position_' || to_char(day, 'YYYYMMDD');
    settled text := 'settling_' || to_char(day, 'YYYYMMDD');
    since timestamptz := day::timestamp AT TIME ZONE 'Asia/Shanghai';
    until timestamptz := (day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai';
BEGIN
    EXECUTE format('DROP TABLE %I', name);
    EXECUTE format('ALTER TABLE %I RENAME TO %I', settled, name);
    EXECUTE format('ALTER INDEX %I RENAME TO %I', settled || '_terminal', name || '_terminal');
    EXECUTE format('ALTER INDEX %I RENAME TO %I', settled || '_time', name || '_time');
    EXECUTE format('ALTER INDEX %I RENAME TO %I', settled || '_cell', name || '_cell');
    EXECUTE format(
        'ALTER TABLE position ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, since, until
    );
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT in_its_day', name);
END $$
"""


def upgrade() -> None:
    """Give each day its own indexes, and make what settling and questions need."""
    for statement in TABLES:
        op.execute(statement)
    op.execute(INDEX_OPEN_DAY)
    op.execute(INDEX_DAYS_THAT_STAND)
    op.execute("DROP INDEX ix_position_terminal_no_time")
    op.execute(ENSURE_DAY)
    for statement in (SEEN, HOLD, REPLACE_DAY):
        op.execute(statement)
