"""A position counts once however its receipts were judged: the earliest of all of them wins.

The same bytes may be plausible at one receipt and stale or from the future at another: then one row
lies in its day and one in `position_doubtful`. `positions_once` left out the dated one when the
doubtful one came first, but not the other way round. A reading that is superseded hides nothing.
"""

from alembic import op

revision = "0019"
down_revision = "0018"

# Called for doubtful rows only. A dated row's time is the terminal's own, or that with a missed
# GPS roll-over of 1,024 weeks added back; from 1980 three of them reach to 2038. Only the days'
# own tables are named, so that one day is planned and locked, however many are kept; whoever reads
# the view holds `position` itself, without which no day goes.
DATED_BEFORE = """
CREATE FUNCTION dated_receipt_before(
    its_terminal_no bigint, its_own_time timestamptz, its_time_raw bigint, its_digest bigint,
    its_received_at timestamptz, its_writer_no integer, its_batch_n bigint, its_row_n integer
) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    at timestamptz;
    day_table text;
    stands boolean;
BEGIN
    FOR missed IN 0..3 LOOP
        at := its_own_time + missed * interval '172032 hours';
        day_table := 'position_' || to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD');
        CONTINUE WHEN to_regclass(day_table) IS NULL;
        EXECUTE format('
            SELECT EXISTS (
                SELECT FROM %I p
                WHERE p.terminal_no = $1 AND p.time = $2 AND p.time_raw = $3 AND p.digest = $4
                  AND (p.received_at, p.writer_no, p.batch_n, p.row_n) < ($5, $6, $7, $8)
                  AND NOT EXISTS (
                    SELECT FROM superseded_reading s
                    WHERE s.terminal_no = $1 AND s.time_raw = $3 AND s.digest = $4
                      AND s.decode_version > p.decode_version
                )
            )
        ', day_table) INTO stands
        USING its_terminal_no, at, its_time_raw, its_digest,
              its_received_at, its_writer_no, its_batch_n, its_row_n;
        IF stands THEN
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END $$
"""

# Every column of DISTINCT ON may be pushed down into the scan: filter by terminal and time. What
# lies elsewhere is asked about each row that is left, after the other conditions.
ONCE = """
CREATE OR REPLACE VIEW positions_once AS
SELECT o.* FROM (
    SELECT DISTINCT ON (p.terminal_no, p.time, p.time_raw, p.digest) p.*
    FROM position p
    WHERE NOT EXISTS (
        SELECT FROM superseded_reading s
        WHERE s.terminal_no = p.terminal_no AND s.time_raw = p.time_raw AND s.digest = p.digest
          AND s.decode_version > p.decode_version
    )
    ORDER BY p.terminal_no, p.time, p.time_raw, p.digest,
             p.received_at, p.writer_no, p.batch_n, p.row_n
) o
WHERE CASE WHEN o.time IS NULL THEN NOT dated_receipt_before(
    o.terminal_no, o.own_time, o.time_raw, o.digest,
    o.received_at, o.writer_no, o.batch_n, o.row_n
) ELSE NOT EXISTS (
    SELECT FROM position_doubtful d
    WHERE d.terminal_no = o.terminal_no AND d.time_raw = o.time_raw AND d.digest = o.digest
      AND (d.received_at, d.writer_no, d.batch_n, d.row_n)
        < (o.received_at, o.writer_no, o.batch_n, o.row_n)
      AND NOT EXISTS (
        SELECT FROM superseded_reading s
        WHERE s.terminal_no = d.terminal_no AND s.time_raw = d.time_raw AND s.digest = d.digest
          AND s.decode_version > d.decode_version
    )
) END
"""

BY_IDENTITY = """
CREATE INDEX ix_position_doubtful_identity ON position_doubtful (terminal_no, time_raw, digest)
"""


def upgrade() -> None:
    """Let the view look both ways. It comes first: readers lock it before they lock a table."""
    op.execute(DATED_BEFORE)
    op.execute(ONCE)
    op.execute(BY_IDENTITY)
    op.execute("DROP INDEX ix_position_doubtful_own")
