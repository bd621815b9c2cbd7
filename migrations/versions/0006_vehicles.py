"""A vehicle's whole life as dated events, with quotas and standards."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make it so."""
