"""What is known of each terminal's data: figures a Shanghai day, and which days are due.

`quality_due` holds the (terminal, day) pairs that rows have touched since they were counted;
`quality_progress` how far each writer's batches were read for them. Positions without a plausible
time belong to the day of their receipt, by which an index finds them.
"""

from alembic import op

revision = "0017"
down_revision = "0016"

COUNTS = (
    "positions",
    "repeats",
    "doubtful",
    "backfilled",
    "no_fix",
    "zero_island",
    "impossible_coordinates",
    "time_unreadable",
    "future",
    "stale",
    "encrypted",
    "outside_region",
    "rollover_repaired",
    "online_s",
    "moving",
    "missing",
    "parked",
    "drifting",
    "jumps",
)

TERMINAL_DAY = f"""
CREATE TABLE terminal_day (
    id uuid NOT NULL,
    terminal_no bigint NOT NULL,
    day date NOT NULL,
    {", ".join(f"{name} integer NOT NULL" for name in COUNTS)},
    interval_s double precision,
    clock_offset_s double precision,
    counted_at timestamptz NOT NULL,
    CONSTRAINT pk_terminal_day PRIMARY KEY (terminal_no, day),
    CONSTRAINT uq_terminal_day_id UNIQUE (id),
    CONSTRAINT fk_terminal_day_terminal_no_terminal
        FOREIGN KEY (terminal_no) REFERENCES terminal (no),
    CONSTRAINT ck_terminal_day_sums CHECK (
        least({", ".join(COUNTS)}) >= 0 AND doubtful <= positions AND online_s <= 86400
        AND drifting <= parked
    )
)
"""

DAY = "CREATE INDEX ix_terminal_day_day ON terminal_day (day)"

DUE = """
CREATE TABLE quality_due (
    terminal_no bigint NOT NULL,
    day date NOT NULL,
    CONSTRAINT pk_quality_due PRIMARY KEY (terminal_no, day)
)
"""

PROGRESS = """
CREATE TABLE quality_progress (
    writer_no integer NOT NULL,
    n bigint NOT NULL,
    CONSTRAINT pk_quality_progress PRIMARY KEY (writer_no),
    CONSTRAINT fk_quality_progress_writer_no_position_writer
        FOREIGN KEY (writer_no) REFERENCES position_writer (no)
)
"""

DOUBTFUL = "CREATE INDEX ix_position_doubtful_received ON position_doubtful (received_at)"


def upgrade() -> None:
    """Create the figures, what is due, and how far was read."""
    for statement in (TERMINAL_DAY, DAY, DUE, PROGRESS, DOUBTFUL):
        op.execute(statement)
