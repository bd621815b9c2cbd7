"""A position knows which version of the codec read it; a newer one supersedes, never overwrites.

`position.decode_version` is the codec's. After a fix `gongche redecode` stores what it reads anew
beside what stood, under a batch of its own, and notes in `superseded_reading` that all earlier
readings of these bytes are superseded: `positions_once` leaves them out. What a writer of the
version before stores meanwhile is version 1.
"""

from alembic import op

revision = "0015"
down_revision = "0014"

VERSION = "ALTER TABLE position ADD COLUMN decode_version smallint NOT NULL DEFAULT 1"

SUPERSEDED = """
CREATE TABLE superseded_reading (
    terminal_no bigint NOT NULL,
    time_raw bigint NOT NULL,
    digest bigint NOT NULL,
    decode_version smallint NOT NULL,
    CONSTRAINT pk_superseded_reading PRIMARY KEY (terminal_no, time_raw, digest)
)
"""

ONCE = """
CREATE OR REPLACE VIEW positions_once AS
SELECT DISTINCT ON (p.terminal_no, p.time, p.time_raw, p.digest) p.*
FROM position p
WHERE (p.time IS NULL OR NOT EXISTS (
    SELECT FROM position_doubtful d
    WHERE d.terminal_no = p.terminal_no AND d.own_time = p.own_time
      AND d.time_raw = p.time_raw AND d.digest = p.digest AND d.received_at < p.received_at
)) AND NOT EXISTS (
    SELECT FROM superseded_reading s
    WHERE s.terminal_no = p.terminal_no AND s.time_raw = p.time_raw AND s.digest = p.digest
      AND s.decode_version > p.decode_version
)
ORDER BY p.terminal_no, p.time, p.time_raw, p.digest,
         p.received_at, p.writer_no, p.batch_n, p.row_n
"""


def upgrade() -> None:
    """Number the readings, and let the view show the newest one."""
    for statement in (VERSION, SUPERSEDED, ONCE):
        op.execute(statement)
