"""Legal holds, and what retention has erased."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make it so."""
