"""docker-compose.yml says the truth: its services start as declared, and do the main job.

No Docker engine is needed: each service of ours runs as a process, with the command and the
environment of the file and nothing else. What only a container has is put in place: the addresses
of database and bus, the data folder, free ports, and loopback for "every interface".
"""

import asyncio
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from kit.clock import utc_now
from kit.database import open_engine, open_sessions, transaction
from kit.servers import EmbeddedPostgres
from tests.flows.compose_file import Service, VariableMissing, read_services
from tests.flows.story import tell_a_drive_without_an_order, tell_a_ride
from tests.support.system import free_port
from tests.support.waiting import eventually
from tests.support.world import World, build_world

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docker-compose.yml"
VARIABLES = {
    "POSTGRES_PASSWORD": "database-of-a-test",
    "VALKEY_PASSWORD": "bus-of-a-test",
    "GONGCHE_PUBLIC_URL": "https://gongche.test",
}
OURS = {"migrate", "gateway", "api", "worker"}


@dataclass(frozen=True)
class Listening:
    """Where the declared services listen in this test."""

    http_port: int
    jt808_port: int

    @property
    def base_url(self) -> str:
        """The address of the API."""
        return f"http://127.0.0.1:{self.http_port}"


@pytest.fixture(scope="module")
def services() -> dict[str, Service]:
    return read_services(FILE, VARIABLES)


@pytest.fixture
def empty_database_url(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    """A database without a single table, as on the first start."""
    name = f"compose_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgres_server.plain_url("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield postgres_server.url(name)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_the_file_is_valid_by_the_compose_specification() -> None:
    checked = subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema"),
            *("--builtin-schema", "vendor.compose-spec", str(FILE)),
        ],
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_no_password_and_no_address_has_a_default(name: str) -> None:
    with pytest.raises(VariableMissing, match=name):
        read_services(FILE, {k: v for k, v in VARIABLES.items() if k != name})


def test_only_terminals_reach_the_machine_from_outside_and_people_by_the_proxy(
    services: dict[str, Service],
) -> None:
    published = {name: service.ports for name, service in services.items() if service.ports}
    assert published == {"gateway": ["7808:7808"], "api": ["127.0.0.1:8000:8000"]}


def test_every_service_of_ours_waits_for_a_migrated_database(services: dict[str, Service]) -> None:
    assert {name for name, service in services.items() if service.ours} == OURS
    for name in OURS - {"migrate"}:
        assert services[name].depends_on["migrate"] == "service_completed_successfully"
        assert services[name].depends_on["postgres"] == "service_healthy"


@pytest.mark.flow
def test_the_main_job_runs_through_the_declared_services(
    services: dict[str, Service], empty_database_url: str, redis_url: str, tmp_path: Path
) -> None:
    http_port, jt808_port = free_port(), free_port()
    placed = {
        "GONGCHE_DATABASE_URL": empty_database_url,
        "GONGCHE_REDIS_URL": redis_url,
        "GONGCHE_DATA_DIR": str(tmp_path),
        "GONGCHE_HOST": "127.0.0.1",
        "GONGCHE_HTTP_PORT": str(http_port),
        "GONGCHE_JT808_PORT": str(jt808_port),
    }
    with ExitStack() as running:
        for service in services.values():
            if service.ours:
                running.enter_context(_started(_placed(service, services, placed), tmp_path))
        world = asyncio.run(_seed(empty_database_url))
        doors = Listening(http_port, jt808_port)
        tell_a_drive_without_an_order(doors, world)
        tell_a_ride(doors, world)


def _placed(service: Service, services: dict[str, Service], placed: dict[str, str]) -> Service:
    """Put a test's value where the file names a container's; a name it lacks is a mistake."""
    missing = placed.keys() - service.environment.keys()
    assert not missing, f"{service.name} is not told {missing}"
    for name in ("GONGCHE_DATABASE_URL", "GONGCHE_REDIS_URL"):
        assert urlsplit(service.environment[name]).hostname in services
    return replace(service, environment={**service.environment, **placed})


@contextmanager
def _started(service: Service, folder: Path) -> Iterator[None]:
    """Run a service: to its end if it does its work and ends, else until the block is left."""
    # What the image gives: the programs of its Python environment.
    path = os.pathsep.join((str(Path(sys.executable).parent), os.defpath))
    environment = {"PATH": path, **service.environment}
    written = folder / f"{service.name}.log"
    with written.open("wb") as log:
        process = subprocess.Popen(
            service.command, cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            if service.ends:
                assert process.wait(120) == 0, written.read_text()[-3000:]
            else:
                eventually(lambda: _healthy(service, environment, process, written), 90)
            yield
        finally:
            process.terminate()
            process.wait(30)


def _healthy(
    service: Service,
    environment: dict[str, str],
    process: "subprocess.Popen[bytes]",
    written: Path,
) -> bool:
    assert process.poll() is None, f"{service.name} ended:\n{written.read_text()[-3000:]}"
    return (
        subprocess.run(service.health, cwd=ROOT, env=environment, capture_output=True).returncode
        == 0
    )


async def _seed(url: str) -> World:
    engine = open_engine(url)
    async with transaction(open_sessions(engine)) as session:
        world = await build_world(session, utc_now())
    await engine.dispose()
    return world
