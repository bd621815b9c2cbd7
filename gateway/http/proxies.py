"""Where a request comes from when a proxy stands in front.

`X-Forwarded-For` is believed from configured proxies alone, and read from its right end: each
proxy appends the address that it saw, so what stands left of the first stranger is hearsay.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

Address = IPv4Address | IPv6Address
Networks = Sequence[IPv4Network | IPv6Network]

# No honest chain is longer.
_MOST_HOPS = 32


class TrustedProxies:
    """Puts the client's own address in the place of its proxy's, for HTTP and WebSocket."""

    def __init__(self, app: ASGIApp, *, networks: Networks) -> None:
        self._app = app
        self._networks = networks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its address."""
        client = scope.get("client")
        if self._networks and client:
            told = Headers(scope=scope).getlist("x-forwarded-for")
            found = forwarded(client[0], ",".join(told), self._networks)
            if found != client[0]:
                scope = {**scope, "client": (found, 0)}
        await self._app(scope, receive, send)


def forwarded(peer: str, told: str, networks: Networks) -> str:
    """Return the address of the client behind trusted proxies; `peer` itself when it is none.

    told: the X-Forwarded-For headers, joined by commas (RFC 7239 section 7.4 reads them so)
    """
    nearest = peer
    for hop in reversed(told.split(",")[-_MOST_HOPS:]):
        if not _is_trusted(nearest, networks):
            break
        address = _address(hop)
        if address is None:
            break
        nearest = str(address)
    return nearest


def _is_trusted(address: str, networks: Networks) -> bool:
    found = _address(address)
    return found is not None and any(found in network for network in networks)


def _address(text: str) -> Address | None:
    """Return the address in one element of the header; None when it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
