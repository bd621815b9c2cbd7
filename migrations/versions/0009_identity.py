"""Second factor, API tokens, set-up links and the policy of passwords."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make it so."""
