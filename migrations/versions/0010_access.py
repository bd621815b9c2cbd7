"""Grants of external supervisors, and the purposes of looking at tracks."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make it so."""
