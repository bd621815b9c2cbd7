"""Organisations over time: regions, names, mergers, inherited rules."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make it so."""
