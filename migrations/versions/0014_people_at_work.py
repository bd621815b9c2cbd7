"""How shifts, leave and rosters know each other."""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Nothing yet."""
