"""What tells a live map that the register has changed."""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Nothing yet."""
