"""`gongche up`: one command, everything running; and one sentence where that can't be."""

import os
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet.identity.first_start import FIRST_ADMINISTRATOR
from kit.servers import EmbeddedPostgres, EmbeddedValkey
from kit.servers.processes import all_gone, processes_of
from tests.support.servers import TemplateDatabases, server_folder
from tests.support.system import Caller
from tests.support.upped import Upped, environment, refused, upped
from tests.support.waiting import eventually

pytestmark = pytest.mark.flow


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A data folder that is empty at first."""
    with server_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def told(folder: Path) -> dict[str, str]:
    """The environment of the runs on that folder."""
    return environment(folder)


def administrator(run: Upped, password: str) -> Caller:
    return Caller(run.base_url, FIRST_ADMINISTRATOR, password)


def add_clerk(caller: Caller) -> object:
    """Make what an administrator makes first: another account. Return its id."""
    first: list[dict[str, str]] = caller.get("/organisations")["items"]  # type: ignore[assignment]
    role = {"role": "unit_clerk", "organisation_id": first[0]["id"]}
    return caller.post("/people", {"username": "clerk", "name": "用车管理员", "roles": [role]})[
        "id"
    ]


def only_sentence(stderr: str) -> str:
    (line,) = stderr.splitlines()
    return line


def test_up_runs_restarts_recovers_and_stops(
    folder: Path, told: dict[str, str], tmp_path: Path
) -> None:
    with upped(told, tmp_path / "first.log") as run:
        assert f"Gongche is ready: {run.base_url}" in run.said
        assert run.healthy()
        password = run.password()
        kept = add_clerk(administrator(run, password))

        second = refused(told | {"GONGCHE_HTTP_PORT": "0", "GONGCHE_JT808_PORT": "0"})
        assert second.returncode == 1
        assert str(folder) in only_sentence(second.stderr)
        assert f"in use by process {run.process.pid}" in second.stderr

        taken = refused(told)
        assert taken.returncode == 1
        assert f"Port {run.port} on 127.0.0.1 is taken" in only_sentence(taken.stderr)

        os.kill(run.pid_of("gateway"), signal.SIGKILL)
        eventually(lambda: not listens(int(told["GONGCHE_JT808_PORT"])))
        eventually(lambda: listens(int(told["GONGCHE_JT808_PORT"])), within_s=60)
        assert "gateway was ended by SIGKILL; starting it again" in run.said
        assert run.healthy()

        run.kill_all()

    with upped(told, tmp_path / "second.log") as run:
        assert "First administrator" not in run.said
        people = administrator(run, password).get("/people")["items"]
        assert kept in [person["id"] for person in people]  # type: ignore[attr-defined]

        below = run.descendants()
        assert len(below) > 5
        assert run.interrupt() == 0
        assert all_gone(below, 5)
    assert stop_order(run.said) == ["worker", "api", "gateway", "valkey", "postgresql"]


def stop_order(said: str) -> list[str]:
    """Return the processes in the order in which it says that they have stopped."""
    names = re.findall(r"^(\S+) has stopped$", said, re.MULTILINE)
    return [name for name in names if name != "preparation"]


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except ConnectionRefusedError:
        return False
    return True


def test_up_uses_the_servers_that_it_is_told(
    template_databases: TemplateDatabases, valkey_server: EmbeddedValkey, tmp_path: Path
) -> None:
    url = template_databases.create()
    with server_folder() as folder:
        told = environment(
            folder, {"GONGCHE_DATABASE_URL": url, "GONGCHE_REDIS_URL": valkey_server.url()}
        )
        with upped(told, tmp_path / "up.log") as run:
            assert run.healthy()
            assert administrator(run, run.password()).get("/session")
            assert not processes_of("postgres", EmbeddedPostgres(folder).cluster)
            assert not processes_of("valkey-server", EmbeddedValkey(folder).home / "work")
            assert "postgresql is ready" not in run.said
            assert run.interrupt() == 0
    template_databases.drop(url)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"GONGCHE_DATABASE_URL": "postgresql://somebody:secret@127.0.0.1:9/gongche"},
            "The database at postgresql://somebody:***@127.0.0.1:9/gongche cannot be reached",
        ),
        (
            {"GONGCHE_REDIS_URL": "redis://:secret@127.0.0.1:9/0"},
            "The bus at 127.0.0.1:9/0 cannot be reached",
        ),
    ],
    ids=["database", "bus"],
)
def test_a_server_that_cannot_be_reached_is_one_sentence(
    settings: dict[str, str], sentence: str
) -> None:
    with server_folder() as folder:
        end = refused(environment(folder, settings))
    assert end.returncode == 1
    assert sentence in only_sentence(end.stderr)
    assert "secret" not in end.stdout + end.stderr
