"""Changes of sealings that audit has yet to follow, and when a log-in was last proved."""

from alembic import op

revision = "0014"
down_revision = "0013"

_STATEMENTS = (
    """
    CREATE TABLE sealing_change (
        no bigserial,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        sealing_no bigint NOT NULL,
        period tstzrange NOT NULL,
        CONSTRAINT pk_sealing_change PRIMARY KEY (no),
        CONSTRAINT fk_sealing_change_sealing_no
            FOREIGN KEY (sealing_no) REFERENCES sealing (no),
        CONSTRAINT ck_sealing_change_period_not_empty CHECK (NOT isempty(period))
    )
    """,
    # Unknown for sessions that the version before began: they have proved nothing lately.
    "ALTER TABLE log_in ADD COLUMN proved_at timestamptz",
    "ALTER TABLE log_in_challenge ADD COLUMN proved_at timestamptz",
)


def upgrade() -> None:
    """Add both."""
    for statement in _STATEMENTS:
        op.execute(statement)
