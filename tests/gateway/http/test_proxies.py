"""A forwarded address is believed from configured proxies alone."""

from ipaddress import ip_network

import pytest

from gateway.http.proxies import forwarded

TRUSTED = [ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "told", "client"),
    [
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "192.0.2.66, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("127.0.0.1", "10.9.9.9, 10.1.2.3", "10.9.9.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        ("fd00::1", "[2001:db8::5]:99", "2001:db8::5"),
        ("::ffff:127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("not an address", "203.0.113.9", "not an address"),
    ],
)
def test_the_nearest_stranger_behind_trusted_proxies_is_the_client(
    peer: str, told: str, client: str
) -> None:
    assert forwarded(peer, told, TRUSTED) == client


def test_nobody_is_believed_without_a_configured_proxy() -> None:
    assert forwarded("127.0.0.1", "203.0.113.9", []) == "127.0.0.1"
