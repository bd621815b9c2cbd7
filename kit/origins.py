"""Where a page came from: the host in an `Origin` header (RFC 6454 section 7)."""

from urllib.parse import urlsplit


def host_of(origin: str) -> str | None:
    """Return `host[:port]` of an origin or URL, or None when it names no host."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def is_from(origin: str, hosts: frozenset[str | None]) -> bool:
    """Return whether `origin` names one of these hosts; one without a host is from nowhere."""
    host = host_of(origin)
    return host is not None and host in hosts
