"""Back up, restore elsewhere, prove that nothing is missing: rehearsed as operators do it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config

from fleet.journal.heads import HeadsFile
from fleet.journal.sealer import Sealer
from fleet.journal.words import Algorithm
from gateway.http.app import create_app
from kit.clock import utc_now
from kit.database import driver_url, open_engine, open_sessions, plain_url, transaction
from kit.media import MediaFolder
from kit.servers import EmbeddedPostgres
from kit.settings import Settings
from tests.support.servers import server_folder
from tests.support.system import ROOT
from tests.support.world import World, build_world, client_of, log_in
from tests.tracking.received import position, received, store

pytestmark = pytest.mark.flow


def gongche(folder: Path, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run the command as an operator does, on the data folder `folder`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GONGCHE_")}
    return subprocess.run(
        [sys.executable, "-m", "gateway.cli", *arguments],
        cwd=ROOT,
        env={**clean, "GONGCHE_DATA_DIR": str(folder), **settings},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def counts(url: str) -> dict[str, int]:
    """Return the rows of each table that the rehearsal compares."""
    found = {}
    with psycopg.connect(plain_url(url)) as connection:
        for table in ("vehicle", "person", "positions_once", "journal_seal"):
            row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert row is not None
            found[table] = int(row[0])
    return found


@pytest.fixture
def empty_url(postgres_server: EmbeddedPostgres) -> Iterator[str]:
    """An empty database."""
    with psycopg.connect(postgres_server.plain_url("postgres"), autocommit=True) as admin:
        admin.execute("CREATE DATABASE rehearsal")
        yield postgres_server.url("rehearsal")
        admin.execute("DROP DATABASE rehearsal WITH (FORCE)")


@pytest.fixture
async def system(database_url: str, tmp_path: Path) -> Path:
    """A small system with positions, a photo and a sealed journal; return its data folder."""
    folder = tmp_path / "data"
    engine = open_engine(database_url)
    sessions = open_sessions(engine)
    async with transaction(sessions) as session:
        world: World = await build_world(session, utc_now())
    now: datetime = world.now
    no = world.terminals["a1"].no
    times = [now - timedelta(seconds=n) for n in range(50)]
    await store(database_url, [received(position(time, no), now) for time in times])
    MediaFolder(folder / "media").store(b"\xff\xd8\xff a photo")
    sealer = Sealer(sessions, HeadsFile(folder / "journal-heads"), Algorithm.SHA256)
    while await sealer.step():
        pass
    await engine.dispose()
    return folder


async def test_a_backup_is_restored_elsewhere_whole_and_its_journal_verifies(
    system: Path, database_url: str, empty_url: str, tmp_path: Path
) -> None:
    before = counts(database_url)
    assert before["positions_once"] == 50
    assert before["journal_seal"] > 0
    backup = tmp_path / "backup"
    made = gongche(system, "backup", str(backup), GONGCHE_DATABASE_URL=database_url)
    assert made.returncode == 0, made.stderr
    assert "SHA-256 of its manifest" in made.stdout
    again = gongche(system, "backup", str(backup), GONGCHE_DATABASE_URL=database_url)
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)

    elsewhere = tmp_path / "elsewhere"
    told = made.stdout.partition("SHA-256 of its manifest: ")[2].split()[0]
    of_another = ("restore", str(backup), "--sha256", "00" * 32)
    refused = gongche(elsewhere, *of_another, GONGCHE_DATABASE_URL=empty_url)
    assert refused.returncode == 1
    assert "not the one whose SHA-256 was told" in refused.stderr
    with psycopg.connect(plain_url(empty_url)) as connection:
        tables = connection.execute("SELECT FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == []

    restore = ("restore", str(backup), "--sha256", told)
    restored = gongche(elsewhere, *restore, GONGCHE_DATABASE_URL=empty_url)
    assert restored.returncode == 0, restored.stderr + restored.stdout
    assert "all counts agree" in restored.stdout
    assert "heads kept outside agree with the chain" in restored.stdout
    assert counts(empty_url) == before
    verified = gongche(elsewhere, "journal", "verify", GONGCHE_DATABASE_URL=empty_url)
    assert verified.returncode == 0, verified.stdout
    (photo,) = [path for path in (elsewhere / "media").rglob("*") if path.is_file()]
    assert photo.read_bytes() == b"\xff\xd8\xff a photo"

    app = create_app(Settings(database_url=empty_url, data_dir=elsewhere, demo=True))
    async with client_of(app) as client:
        await log_in(client, "manager")
        vehicles = await client.get("/api/v1/vehicles")
        assert len(vehicles.json()["items"]) == 8
    await app.state.engine.dispose()

    twice = gongche(tmp_path / "third", "restore", str(backup), GONGCHE_DATABASE_URL=empty_url)
    assert twice.returncode == 1
    assert "into an empty one only" in twice.stderr


async def test_the_database_of_up_is_backed_up_and_restored_without_an_address(
    system: Path, database_url: str, tmp_path: Path
) -> None:
    first = tmp_path / "first"
    made = gongche(system, "backup", str(first), GONGCHE_DATABASE_URL=database_url)
    assert made.returncode == 0, made.stderr
    with server_folder() as own:
        restored = gongche(own, "restore", str(first))
        assert restored.returncode == 0, restored.stderr + restored.stdout
        second = tmp_path / "second"
        made = gongche(own, "backup", str(second))
        assert made.returncode == 0, made.stderr
        server = EmbeddedPostgres(own)
        server.start()
        try:
            assert counts(server.url()) == counts(database_url)
        finally:
            server.stop()
        refused = gongche(own, "restore", str(second))
        assert refused.returncode == 1
        assert len(refused.stderr.splitlines()) == 1


def test_a_migration_of_data_is_preceded_by_a_backup(empty_url: str, tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = driver_url(empty_url)
    command.upgrade(config, "0003")
    add = (
        "INSERT INTO organisation (name, sort_key, kind, id)"
        " VALUES ('甲', 'jia', 'unit', gen_random_uuid())"
    )
    with psycopg.connect(plain_url(empty_url)) as connection:
        connection.execute(add)
    data = tmp_path / "data"
    told = {"GONGCHE_DATABASE_URL": empty_url, "GONGCHE_BACKUP_DIR": str(tmp_path / "kept")}
    migrated = gongche(data, "migrate", **told)
    assert migrated.returncode == 0, migrated.stderr
    assert "before the migration" in migrated.stdout
    (kept,) = (tmp_path / "kept").iterdir()
    assert (kept / "manifest.json").exists()
    again = gongche(data, "migrate", **told)
    assert (again.returncode, again.stdout) == (0, "")
    assert len(list((tmp_path / "kept").iterdir())) == 1
