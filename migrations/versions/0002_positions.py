"""Positions: partitioned by Shanghai day, counted once by a view.

A row's time is the terminal's own, repaired where it can be; an implausible one is NULL, the row
lies in the default partition, `position_doubtful`, and only `own_time` says what was sent.
Identity is (terminal, raw time, digest of the raw body): a repeat is stored as received and left
out by `positions_once`, where the earliest receipt wins.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

POSITION = """
CREATE TABLE position (
    terminal_no bigint NOT NULL,
    time timestamptz,
    own_time timestamptz,
    time_raw bigint NOT NULL,
    digest bigint NOT NULL,
    received_at timestamptz NOT NULL,
    writer_no integer NOT NULL,
    batch_n bigint NOT NULL,
    row_n integer NOT NULL,
    latitude double precision,
    longitude double precision,
    altitude_m integer,
    speed_kmh real,
    course_deg integer,
    odometer_m bigint,
    acc boolean,
    fixed boolean NOT NULL,
    alarm bigint NOT NULL,
    status bigint NOT NULL,
    reasons integer NOT NULL,
    backfilled boolean NOT NULL,
    cell bigint,
    raw bytea NOT NULL
) PARTITION BY RANGE (time)
"""

INDEX = "CREATE INDEX ix_position_terminal_no_time ON position (terminal_no, time)"

DOUBTFUL_INDEX = (
    "CREATE INDEX ix_position_doubtful_own ON position_doubtful (terminal_no, own_time)"
)

DOUBTFUL = """
CREATE TABLE position_doubtful PARTITION OF position (CHECK (time IS NULL)) DEFAULT
"""

# ATTACH takes a weaker lock than PARTITION OF, so that ingest and readers go on meanwhile.
ENSURE_DAY = """
CREATE FUNCTION ensure_position_day(day date) RETURNS void LANGUAGE plpgsql AS $$
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
    EXECUTE format(
        'ALTER TABLE position ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, since, until
    );
END $$
"""

# Every column of DISTINCT ON may be pushed down into the scan: filter by terminal and time.
# A position that was first received with an implausible time stays doubtful, even if the same
# bytes come again when that time has become plausible: the earliest receipt wins.
ONCE = """
CREATE VIEW positions_once AS
SELECT DISTINCT ON (p.terminal_no, p.time, p.time_raw, p.digest) p.*
FROM position p
WHERE p.time IS NULL OR NOT EXISTS (
    SELECT FROM position_doubtful d
    WHERE d.terminal_no = p.terminal_no AND d.own_time = p.own_time
      AND d.time_raw = p.time_raw AND d.digest = p.digest AND d.received_at < p.received_at
)
ORDER BY p.terminal_no, p.time, p.time_raw, p.digest,
         p.received_at, p.writer_no, p.batch_n, p.row_n
"""


def upgrade() -> None:
    """Create the partitioned table, its default partition, its day maker and its view."""
    for statement in (POSITION, INDEX, DOUBTFUL, DOUBTFUL_INDEX, ENSURE_DAY, ONCE):
        op.execute(statement)
