import inspect
import socket

import pytest

from kit.servers import EmbeddedPostgres, EmbeddedValkey, errors
from kit.servers.binaries import Wheel
from kit.servers.checks import ensure_bus_reachable, ensure_database_reachable, ensure_port_free


@pytest.fixture
def listener() -> "socket.socket":
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    return taken


def test_a_taken_port_is_told_in_one_sentence(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    with pytest.raises(errors.PortTaken, match=f"Port {port} on 127.0.0.1 is taken"):
        ensure_port_free("127.0.0.1", port)
    listener.close()
    ensure_port_free("127.0.0.1", port)


def test_any_free_port_is_free(listener: socket.socket) -> None:
    ensure_port_free("127.0.0.1", 0)
    listener.close()


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(errors.PortForbidden, match="may not be opened"):
        ensure_port_free("192.0.2.1", 8000)  # TEST-NET-1, RFC 5737


def test_an_unreachable_database_is_told_without_its_password() -> None:
    with pytest.raises(errors.DatabaseUnreachable) as refusal:
        ensure_database_reachable("postgresql+psycopg://me:secret@127.0.0.1:1/gongche")
    assert "secret" not in str(refusal.value)
    assert "check GONGCHE_DATABASE_URL" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_an_unreachable_bus_is_told_without_its_password() -> None:
    with pytest.raises(errors.BusUnreachable) as refusal:
        ensure_bus_reachable("redis://me:secret@127.0.0.1:1/0")
    assert "secret" not in str(refusal.value)
    assert "127.0.0.1:1/0" in str(refusal.value)


def test_running_servers_are_reachable(
    postgres_server: EmbeddedPostgres, valkey_server: EmbeddedValkey
) -> None:
    ensure_database_reachable(postgres_server.url())
    ensure_bus_reachable(valkey_server.url())


def test_a_wheel_that_is_not_installed_is_told_in_one_sentence() -> None:
    wheel = Wheel("no-such-wheel", "bin/nothing", (), "GONGCHE_DATABASE_URL")
    with pytest.raises(errors.BinariesMissing, match="no-such-wheel are missing"):
        wheel.find()


def test_every_error_is_one_sentence() -> None:
    for name, kind in inspect.getmembers(errors, inspect.isclass):
        sentence = (kind.__doc__ or "").strip()
        assert sentence.endswith((".", "{words}")), name
        assert ". " not in sentence, name
