"""`gongche journal`, against a real database: verify, root, export; and the worker that seals."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from typer.testing import CliRunner, Result

from fleet.journal.heads import HeadsFile
from fleet.journal.sealer import Sealer
from fleet.journal.words import Algorithm
from gateway.cli.commands import app
from kit.database import open_engine, open_sessions, plain_url
from kit.servers import EmbeddedPostgres
from tests.fleet.journal.test_exporting import script
from tests.gateway.cli.test_user_add import add, rows
from tests.support.servers import server_folder
from tests.support.system import running_system
from tests.support.waiting import eventually


def call(database_url: str, folder: Path, *arguments: str) -> Result:
    environment = {"GONGCHE_DATABASE_URL": database_url, "GONGCHE_DATA_DIR": str(folder)}
    return CliRunner().invoke(app, ["journal", *arguments], env=environment)


def count(database_url: str, table: str) -> int:
    ((found,),) = rows(database_url, f"SELECT count(*) FROM {table}")
    assert isinstance(found, int)
    return found


def everything_is_sealed(database_url: str) -> bool:
    query = "SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM journal_seal)"
    ((entries, seals),) = rows(database_url, query)
    return entries == seals


def test_before_the_first_seal_there_is_no_root_and_nothing_wrong(
    database_url: str, tmp_path: Path
) -> None:
    assert "Nothing has been sealed yet" in str(call(database_url, tmp_path, "root").exception)
    assert add(database_url, "wang").exit_code == 0
    verdict = call(database_url, tmp_path, "verify")
    assert verdict.exit_code == 0, verdict.output
    assert "0 sealed entries hold" in verdict.output
    assert "No head kept outside was compared" in verdict.output
    assert f"{count(database_url, 'journal')} entries wait for their seal" in verdict.output


def test_what_two_workers_have_sealed_is_verified_exported_and_found_changed(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    kept = tmp_path / "kept" / "heads"
    settings = {"GONGCHE_JOURNAL_HEADS": str(kept), "GONGCHE_JOURNAL_ALGORITHM": "sm3"}
    with running_system(
        database_url, redis_url, processes=("worker",), settings=settings
    ) as system:
        assert add(database_url, "wang").exit_code == 0
        eventually(lambda: everything_is_sealed(database_url))
        # A second worker takes over where the first was killed.
        system.kill("worker")
        assert add(database_url, "zhao").exit_code == 0
        system.start("worker")
        eventually(lambda: everything_is_sealed(database_url))
    sealed = count(database_url, "journal_seal")

    root = call(database_url, tmp_path, "root").output.split()
    assert (int(root[0]), root[3]) == (sealed, "sm3")
    verdict = call(database_url, tmp_path, "verify", "--heads", str(kept))
    assert verdict.exit_code == 0, verdict.output
    assert f"{sealed} sealed entries hold, up to the head {root[1]}." in verdict.output
    assert f"{len(kept.read_text().splitlines())} heads kept outside agree" in verdict.output

    file, today = tmp_path / "export.jsonl", datetime.now(UTC).date()
    exported = call(database_url, tmp_path, "export", str(file), "--from", "2026-01-01")
    assert exported.output == f"{sealed} entries are written to {file}.\n"
    assert script(file, kept).returncode == 0
    past = call(database_url, tmp_path, "export", str(file), "--to", f"{today.year - 1}-01-01")
    assert past.output == f"0 entries are written to {file}.\n"

    with psycopg.connect(plain_url(database_url)) as superuser:
        superuser.execute("SET session_replication_role = replica")
        (no,) = superuser.execute("SELECT entry_no FROM journal_seal WHERE n = 2").fetchone() or ()
        assert superuser.execute("DELETE FROM journal WHERE no = %s", (no,)).rowcount == 1
    broken = call(database_url, tmp_path, "verify", "--heads", str(kept))
    assert broken.exit_code == 1
    assert broken.output.startswith(f"FAULT deleted: Entry {no} of seal 2 was deleted.\n")


def test_the_journal_of_up_is_at_hand_without_an_address(database_url: str, tmp_path: Path) -> None:
    nothing = alone(tmp_path / "nothing", "verify")
    assert "Set GONGCHE_DATABASE_URL, or run" in str(nothing.exception)
    assert not (tmp_path / "nothing").exists()
    backup = tmp_path / "backup"
    environment = {"GONGCHE_DATABASE_URL": database_url, "GONGCHE_DATA_DIR": str(tmp_path)}
    made = CliRunner().invoke(app, ["backup", str(backup)], env=environment)
    assert made.exit_code == 0, made.output
    with server_folder() as own:
        told = {"GONGCHE_DATA_DIR": str(own)}
        restored = CliRunner().invoke(app, ["restore", str(backup)], env=told)
        assert restored.exit_code == 0, restored.output
        server = EmbeddedPostgres(own)
        server.start()
        try:
            seal_all(server.url(), own / "journal-heads")
            sealed = count(server.url(), "journal_seal")
            root = alone(own, "root")
            assert root.output.split()[0] == str(sealed)
            verdict = alone(own, "verify")
            assert verdict.exit_code == 0, verdict.output
            assert f"agree with the chain, up to seal {sealed}." in verdict.output
            assert alone(own, "export", str(tmp_path / "export")).exit_code == 0
        finally:
            server.stop()
        lost = alone(own, "heads-lost", "disk failed")
        assert lost.exit_code == 0, lost.output


def alone(folder: Path, *arguments: str) -> Result:
    """Call the command as one does beside `gongche up`: no address of a database is set."""
    environment = {"GONGCHE_DATABASE_URL": None, "GONGCHE_DATA_DIR": str(folder)}
    return CliRunner().invoke(app, ["journal", *arguments], env=environment)


def seal_all(database_url: str, heads: Path) -> None:
    async def seal() -> None:
        engine = open_engine(database_url)
        await Sealer(open_sessions(engine), HeadsFile(heads), Algorithm.SHA256).step()
        await engine.dispose()

    asyncio.run(seal())


def test_a_file_of_heads_that_is_not_there_or_not_one_is_said(
    database_url: str, tmp_path: Path
) -> None:
    missing = call(database_url, tmp_path, "verify", "--heads", str(tmp_path / "none"))
    assert "There is no file" in str(missing.exception)
    other = tmp_path / "other"
    other.write_text("not a head\n")
    unreadable = call(database_url, tmp_path, "verify", "--heads", str(other))
    assert "Line 1 of" in str(unreadable.exception)
