import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from kit.servers import EmbeddedValkey
from kit.servers.errors import FolderInUse
from kit.servers.processes import is_alive, processes_of
from tests.support.servers import server_folder
from tests.support.waiting import eventually


@pytest.fixture
def folder() -> Iterator[Path]:
    with server_folder() as path:
        yield path


def standing(server: EmbeddedValkey) -> list[int]:
    return processes_of("valkey-server", server.home / "work")


def answers(server: EmbeddedValkey) -> bool:
    with Redis.from_url(server.url()) as client:
        return bool(client.ping())


def parent_of(pid: int) -> int:
    stat = (Path("/proc") / str(pid) / "stat").read_text()
    return int(stat.rpartition(")")[2].split()[1])


def test_it_keeps_streams(valkey_server: EmbeddedValkey) -> None:
    with Redis.from_url(valkey_server.url()) as client:
        client.xadd("test_it_keeps_streams", {"n": 1})
        assert client.xlen("test_it_keeps_streams") == 1


def test_it_opens_no_tcp_port(valkey_server: EmbeddedValkey) -> None:
    with Redis.from_url(valkey_server.url()) as client:
        assert client.config_get("port") == {"port": "0"} or client.config_get("port") == {
            b"port": b"0"
        }
    (pid,) = standing(valkey_server)
    sockets = set()
    for descriptor in (Path("/proc") / str(pid) / "fd").iterdir():
        target = str(descriptor.readlink())
        if target.startswith("socket:["):
            sockets.add(target[8:-1])
    for table in ("tcp", "tcp6"):
        rows = (Path("/proc/net") / table).read_text().splitlines()[1:]
        assert sockets.isdisjoint(row.split()[9] for row in rows)


def test_only_its_own_account_gets_to_the_socket(valkey_server: EmbeddedValkey) -> None:
    socket = Path(valkey_server.url().removeprefix("unix://"))
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600


def test_nothing_is_written_to_disk(valkey_server: EmbeddedValkey) -> None:
    with Redis.from_url(valkey_server.url(), decode_responses=True) as client:
        assert client.config_get("save") == {"save": ""}
        assert client.config_get("appendonly") == {"appendonly": "no"}


def test_a_second_start_on_the_same_folder_is_refused(valkey_server: EmbeddedValkey) -> None:
    with pytest.raises(FolderInUse):
        EmbeddedValkey(valkey_server.data_dir).start()
    assert answers(valkey_server)


def test_a_killed_server_is_started_again(folder: Path) -> None:
    server = EmbeddedValkey(folder)
    server.start()
    (pid,) = standing(server)
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: not server.is_running())
    server.start()
    try:
        assert answers(server)
    finally:
        server.stop()


def test_an_orphan_is_ended_before_the_next_start(folder: Path) -> None:
    server = EmbeddedValkey(folder)
    server.start()
    (orphan,) = standing(server)
    os.kill(parent_of(orphan), signal.SIGKILL)
    eventually(lambda: not server.is_running())
    assert is_alive(orphan)
    server.start()
    try:
        assert not is_alive(orphan)
        assert standing(server) != [orphan]
        assert answers(server)
    finally:
        server.stop()
    assert standing(server) == []
