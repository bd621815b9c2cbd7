"""Where the servers of a data folder keep their files and sockets.

Inside the data folder, where the servers' account can get there. Root's servers run under an
unprivileged account, and a data folder below, say, /root is closed to it: then the files stand in
a folder of their own under /var/lib/gongche, and the data folder records which. Nobody's existing
folder is ever opened up for this.
"""

import os
import tempfile
from pathlib import Path

from kit.servers.account import Account, reachable
from kit.servers.errors import ServerHomeMissing, SocketPathTooLong
from kit.servers.folder import DataFolder, folder_mode

_ELSEWHERE = Path("/var/lib/gongche")
_RECORD = "servers.home"
# sun_path holds 108 bytes with its closing zero (unix(7)).
_SOCKET_PATH_LIMIT = 107


def known_home(data_dir: Path, name: str) -> Path:
    """Return the folder of the server `name`, as recorded; the default where nothing is."""
    recorded = DataFolder(data_dir).read(_RECORD)
    return Path(recorded or data_dir.absolute()) / name


def claim_home(data_dir: Path, name: str, account: Account) -> DataFolder:
    """Decide on the folder of the server `name`, record it, make it and hold it.

    Raises ServerHomeMissing when a recorded folder has vanished, FolderInUse and FolderForbidden
    as `DataFolder.lock`.
    """
    data = DataFolder(data_dir)
    recorded = data.read(_RECORD)
    if recorded is not None and not Path(recorded).is_dir():
        raise ServerHomeMissing(home=recorded, record=data.path / _RECORD)
    if recorded is None and not _stays_inside(data.path, account):
        data.write(_RECORD, str(_make_elsewhere(data.path)))
    home = DataFolder(known_home(data_dir, name))
    home.lock()
    return home


def _make_elsewhere(data_dir: Path) -> Path:
    """Make a new folder, never one of the same name's past: a deleted database stays deleted."""
    _ELSEWHERE.mkdir(mode=0o711, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{data_dir.name}-", dir=_ELSEWHERE))
    folder.chmod(0o711)
    DataFolder(folder).write("belongs.to", str(data_dir))
    return folder


def _stays_inside(path: Path, account: Account) -> bool:
    path.mkdir(mode=folder_mode(), parents=True, exist_ok=True)
    return reachable(path, account)


def make_socket_dir(home: DataFolder, socket_name: str, account: Account) -> Path:
    """Return a folder for sockets (0700, owned by `account`), recorded in `home`.

    It stands in `home` unless its path would be too long for a socket; then a folder with an
    unguessable short name is made under the temporary directory.
    Raises SocketPathTooLong when even that is too long.
    """
    recorded = socket_dir(home)
    if recorded is not None and _is_closed(recorded, account):
        return recorded
    inside = home.path / "socket"
    if _fits(inside / socket_name):
        inside.mkdir(mode=0o700, exist_ok=True)
        folder = inside
    else:
        folder = _short_folder(socket_name, account)
    account.give(folder)
    home.write("socket.dir", str(folder))
    return folder


def socket_dir(home: DataFolder) -> Path | None:
    """Return the recorded folder of a server's socket; None before its first start."""
    recorded = home.read("socket.dir")
    return Path(recorded) if recorded else None


def _short_folder(socket_name: str, account: Account) -> Path:
    places = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # noqa: S108
    for place in places:
        if place.is_dir() and reachable(place, account):
            folder = Path(tempfile.mkdtemp(prefix="gongche-", dir=place))
            if _fits(folder / socket_name):
                return folder
            folder.rmdir()
    raise SocketPathTooLong(places=", ".join(map(str, places)))


def _fits(path: Path) -> bool:
    return len(os.fsencode(path)) <= _SOCKET_PATH_LIMIT


def _is_closed(path: Path, account: Account) -> bool:
    """Whether `path` is still the folder that we made: temporary directories are swept."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    return path.is_dir() and found.st_uid == account.uid and found.st_mode & 0o777 == 0o700
