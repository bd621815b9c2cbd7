import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kit.servers import EmbeddedPostgres
from kit.servers.processes import is_alive, processes_of, send
from tests.support.servers import server_folder
from tests.support.waiting import eventually

_OWNER = """
import sys
from pathlib import Path
from kit.servers import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
print(server.is_running(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with server_folder() as path:
        yield path


def postmaster_of(server: EmbeddedPostgres) -> int:
    return int((server.cluster / "postmaster.pid").read_text().splitlines()[0])


def guard_of(server: EmbeddedPostgres) -> int:
    stat = (Path("/proc") / str(postmaster_of(server)) / "stat").read_text()
    return int(stat.rpartition(")")[2].split()[1])


def remember(server: EmbeddedPostgres, word: str) -> None:
    with psycopg.connect(server.plain_url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [word])


def remembered(server: EmbeddedPostgres) -> list[str]:
    with psycopg.connect(server.plain_url()) as connection:
        return [str(word) for (word,) in connection.execute("SELECT word FROM kept")]


def start_owner(folder: Path) -> subprocess.Popen[str]:
    owner = subprocess.Popen(
        [sys.executable, "-c", _OWNER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert owner.stdout is not None
    assert owner.stdout.readline() == "True\n"
    return owner


def test_committed_data_survives_a_killed_server(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    server.start()
    remember(server, "before")
    for pid in processes_of("postgres", server.cluster):
        send(pid, signal.SIGKILL)  # the workers end with their postmaster
    eventually(lambda: not server.is_running())

    server.start()
    try:
        assert remembered(server) == ["before"]
    finally:
        server.stop()


def test_a_killed_postmaster_with_busy_backends_is_started_again(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    server.start()
    remember(server, "before")
    busy = psycopg.connect(server.plain_url())
    stuck = busy.info.backend_pid
    os.kill(stuck, signal.SIGSTOP)
    os.kill(postmaster_of(server), signal.SIGKILL)
    eventually(lambda: not server.is_running())

    server.start()
    try:
        assert remembered(server) == ["before"]
        assert not is_alive(stuck)
    finally:
        server.stop()
        busy.close()


def test_the_server_stops_by_itself_when_its_owner_is_killed(folder: Path) -> None:
    owner = start_owner(folder)
    server = EmbeddedPostgres(folder)
    postmaster = postmaster_of(server)
    owner.kill()
    owner.wait()
    eventually(lambda: not is_alive(postmaster))
    assert not (server.cluster / "postmaster.pid").exists()  # it shut down in order


def test_an_orphan_is_stopped_and_the_next_start_has_its_data(folder: Path) -> None:
    owner = start_owner(folder)
    server = EmbeddedPostgres(folder)
    remember(server, "by the first")
    orphan = postmaster_of(server)
    os.kill(guard_of(server), signal.SIGKILL)
    owner.kill()
    owner.wait()
    assert is_alive(orphan)

    server.start()
    try:
        assert postmaster_of(server) != orphan
        assert not is_alive(orphan)
        assert remembered(server) == ["by the first"]
    finally:
        server.stop()


def test_a_killed_guard_is_noticed_and_the_server_started_again(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    server.start()
    remember(server, "before")
    os.kill(guard_of(server), signal.SIGKILL)
    eventually(lambda: not server.is_running())

    server.start()
    try:
        assert remembered(server) == ["before"]
    finally:
        server.stop()


def test_a_stale_pid_file_that_names_another_program_keeps_nobody_out(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    server.start()
    remember(server, "before")
    for pid in processes_of("postgres", server.cluster):
        send(pid, signal.SIGKILL)  # the workers end with their postmaster
    eventually(lambda: not server.is_running())

    owner = server.cluster.stat()
    other = subprocess.Popen(
        ["sleep", "300"],
        user=owner.st_uid if os.geteuid() == 0 else None,
        cwd="/",
    )
    pid_file = server.cluster / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
    try:
        server.start()
        assert remembered(server) == ["before"]
        assert other.poll() is None
    finally:
        server.stop()
        other.kill()
        other.wait()


def test_a_half_made_cluster_is_made_anew(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    draft = server.home / "cluster.draft"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    server.start()
    try:
        assert not draft.exists()
        remember(server, "anew")
    finally:
        server.stop()
