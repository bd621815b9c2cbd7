"""The official calendar and the sealing windows, by region and version."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make it so."""
