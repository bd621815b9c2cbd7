"""People and drivers: licences, leave, duty, delegation, custody."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make it so."""
