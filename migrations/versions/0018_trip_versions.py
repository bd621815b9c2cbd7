"""Trips by arrays, superseded by late data."""

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Nothing yet."""
