"""Partitions that are settled when their day is over."""

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Nothing yet."""
