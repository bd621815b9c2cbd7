"""How set-up links are told: once, with their end."""

from collections.abc import Callable

from fleet.identity.set_up import IssuedLink
from kit.clock import SHANGHAI


def tell_link(say: Callable[[str], None], who: str, link: IssuedLink) -> None:
    """Say where somebody sets a password."""
    until = link.expires_at.astimezone(SHANGHAI)
    say(f"{who}: set a password at {link.url}")
    say(f"This link is shown once and works once, until {until:%Y-%m-%d %H:%M} (Asia/Shanghai).")
