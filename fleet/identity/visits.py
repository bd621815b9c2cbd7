"""The circumstances of somebody who is not, or not only, known by a session."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from fleet.access import Actor
from fleet.acts import Act
from kit.settings import Settings
from kit.web import Address, AppSettings, Now

_LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class Visit:
    """When, from where and with what program somebody comes, and the settings in force."""

    now: datetime
    address: str | None
    agent: str | None
    settings: Settings

    def act(self, actor: Actor | None = None, reason: str | None = None) -> Act:
        """Return the act of a change that is made on this visit."""
        return Act(actor, self.now, self.address, reason)

    @property
    def network(self) -> str | None:
        """The address as failures are counted: an IPv6 /64 is one customer (RFC 6177)."""
        try:
            parsed = ipaddress.ip_address((self.address or "").partition("%")[0])
        except ValueError:
            return self.address
        if parsed.version == 4:
            return str(parsed)
        return str(ipaddress.ip_network((parsed, 64), strict=False))


def _visit(request: Request, settings: AppSettings, now: Now, address: Address) -> Visit:
    agent = request.headers.get("user-agent")
    # Header bytes are Latin-1; a NUL can't be stored and says nothing.
    printable = "".join(c for c in agent if c.isprintable()) if agent else None
    return Visit(now, address, printable[:_LONGEST_AGENT] if printable else None, settings)


OnVisit = Annotated[Visit, Depends(_visit)]
