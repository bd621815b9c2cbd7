"""How a bearer's token travels and how it is kept."""

from fleet.identity.bearers import token_digest

COOKIE = "gongche_session"

__all__ = ["COOKIE", "token_digest"]
