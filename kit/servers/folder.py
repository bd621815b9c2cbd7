"""A folder that one running process owns, and the small files in it."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from kit.servers.errors import FolderForbidden, FolderInUse

_LOCK = "lock"


def folder_mode() -> int:
    """Return the mode of a new folder: closed, but passable when root's servers live inside.

    Root's servers run under an unprivileged account, which must pass through (0711) to its own
    closed folder; it can list nothing on the way.
    """
    return 0o711 if os.geteuid() == 0 else 0o700


class DataFolder:
    """A folder held by at most one process at a time, by `flock` on its file `lock`.

    The kernel gives the lock back when its holder dies in whatever way, so that a leftover file
    never keeps anyone out. An existing folder's mode is left as the operator set it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock: int | None = None

    def lock(self) -> None:
        """Make the folder where it is missing and hold it.

        Raises FolderInUse when another process (or another object of this one) holds it, and
        FolderForbidden when it cannot be written.
        """
        if self._lock is not None:
            return
        try:
            self.path.mkdir(mode=folder_mode(), parents=True, exist_ok=True)
            descriptor = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise FolderForbidden(path=self.path, reason=error.strerror) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
            os.close(descriptor)
            raise FolderInUse(path=self.path, pid=holder or "unknown") from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._lock = descriptor

    def unlock(self) -> None:
        """Let others have the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def read(self, name: str) -> str | None:
        """Return the text of the small file `name`, None where there is none."""
        try:
            return (self.path / name).read_text().strip()
        except FileNotFoundError:
            return None

    def write(self, name: str, text: str) -> None:
        """Replace the small file `name` (mode 0600) in one step: whole or not at all."""
        draft = self.path / f"{name}.new"
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path / name)

    def __enter__(self) -> Self:
        self.lock()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.unlock()
