import os
import stat
import subprocess
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import create_engine, text

from kit.servers import EmbeddedPostgres
from kit.servers.errors import FolderInUse, ServerFailed, ServerNotStarted, VersionMismatch
from tests.support.servers import server_folder


def show(server: EmbeddedPostgres, setting: str) -> str:
    with psycopg.connect(server.plain_url()) as connection:
        row = connection.execute(sql.SQL("SHOW {}").format(sql.Identifier(setting))).fetchone()
    assert row is not None
    return str(row[0])


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_its_url_serves_sqlalchemy(postgres_server: EmbeddedPostgres) -> None:
    with create_engine(postgres_server.url()).connect() as connection:
        assert connection.execute(text("SELECT current_database()")).scalar_one() == "gongche"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("listen_addresses", ""),
        ("shared_buffers", "128MB"),
        ("max_connections", "100"),
        ("server_encoding", "UTF8"),
        ("TimeZone", "UTC"),
    ],
)
def test_settings_hold(postgres_server: EmbeddedPostgres, setting: str, value: str) -> None:
    assert show(postgres_server, setting) == value


def test_the_collation_is_the_same_on_every_machine(postgres_server: EmbeddedPostgres) -> None:
    with psycopg.connect(postgres_server.plain_url()) as connection:
        row = connection.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'gongche'"
        ).fetchone()
    assert row == ("b", "C.UTF-8")


def test_no_file_can_turn_durability_off() -> None:
    with server_folder() as folder:
        server = EmbeddedPostgres(folder)
        server.start()
        server.stop()
        with (server.cluster / "postgresql.conf").open("a") as file:
            file.write("fsync = off\nfull_page_writes = off\nlisten_addresses = '127.0.0.1'\n")
        server.start()
        try:
            assert show(server, "fsync") == show(server, "full_page_writes") == "on"
            assert show(server, "listen_addresses") == ""
        finally:
            server.stop()


def test_only_its_own_account_gets_to_socket_cluster_and_password(
    postgres_server: EmbeddedPostgres,
) -> None:
    with psycopg.connect(postgres_server.plain_url()) as connection:
        host = Path(connection.info.host)
    assert mode(host) == 0o700
    assert mode(host / ".s.PGSQL.5432") == 0o700
    assert mode(postgres_server.cluster) == 0o700
    assert mode(postgres_server.home / "password") == 0o600
    assert mode(postgres_server.home / "server.log") == 0o600
    assert not (postgres_server.home / "initdb.password").exists()


def test_a_wrong_password_is_refused(postgres_server: EmbeddedPostgres) -> None:
    url = postgres_server.plain_url()
    password = (postgres_server.home / "password").read_text().strip()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(password, "guessed"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers change account")
def test_roots_server_runs_without_any_right_of_root(postgres_server: EmbeddedPostgres) -> None:
    postmaster = (postgres_server.cluster / "postmaster.pid").read_text().splitlines()[0]
    status = (Path("/proc") / postmaster / "status").read_text().splitlines()
    facts = dict(line.split(":\t", 1) for line in status if ":\t" in line)
    assert "0" not in facts["Uid"].split()
    assert "0" not in facts["Gid"].split()
    assert facts["Groups"].strip() == ""
    assert int(facts["CapEff"], 16) == 0


def test_a_second_start_on_the_same_folder_is_refused_with_one_sentence(
    postgres_server: EmbeddedPostgres,
) -> None:
    with pytest.raises(FolderInUse) as refusal:
        EmbeddedPostgres(postgres_server.data_dir).start()
    assert f"in use by process {os.getpid()};" in str(refusal.value)
    assert show(postgres_server, "fsync") == "on"


def test_starting_a_running_server_does_nothing(postgres_server: EmbeddedPostgres) -> None:
    postgres_server.start()
    assert postgres_server.is_running()


def test_another_process_may_ask_for_the_url(postgres_server: EmbeddedPostgres) -> None:
    assert EmbeddedPostgres(postgres_server.data_dir).url() == postgres_server.url()


def test_a_url_before_the_first_start_is_refused_with_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ServerNotStarted, match="run `gongche up` first"):
        EmbeddedPostgres(tmp_path).url()


def test_a_folder_of_another_major_version_is_refused_with_one_sentence() -> None:
    with server_folder() as folder:
        server = EmbeddedPostgres(folder)
        server.cluster.mkdir(parents=True)
        (server.cluster / "PG_VERSION").write_text("15\n")
        with pytest.raises(VersionMismatch, match=r"written by PostgreSQL 15, but this is .* 18;"):
            server.start()
        assert not server.is_running()


def test_a_server_that_cannot_start_says_why_in_one_sentence() -> None:
    with server_folder() as folder:
        server = EmbeddedPostgres(folder)
        server.start()
        server.stop()
        with (server.cluster / "postgresql.conf").open("a") as file:
            file.write("no_such_setting = 1\n")
        with pytest.raises(ServerFailed, match="no_such_setting"):
            server.start()
        assert not server.is_running()


def test_a_long_data_folder_still_has_a_socket() -> None:
    with server_folder() as folder:
        long = folder / ("数据" * 20) / ("d" * 80)
        server = EmbeddedPostgres(long)
        server.start()
        try:
            assert show(server, "fsync") == "on"
            host = (server.home / "socket.dir").read_text().strip()
            assert len(host) < 60
            assert mode(Path(host)) == 0o700
        finally:
            server.stop()
            subprocess.run(["rm", "-rf", host], check=True)
