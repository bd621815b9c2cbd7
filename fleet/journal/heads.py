"""Heads kept outside the database: a file that is only appended to, one line a batch of seals.

Whoever rewrites the chain in the database must also rewrite this file, and every copy of it.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fleet.journal.chain import Root
from kit.trouble import Trouble


class HeadsUnreadable(Trouble):
    """A line of the file of heads can't be read."""


_TAIL_BYTES = 4_096
_TORN = " torn\n"  # a line that the machine left unfinished when it stopped


@dataclass(frozen=True, slots=True)
class OutsideHead:
    """A head as it was when it was written down."""

    n: int
    head: bytes


class HeadsFile:
    """The file at `path`, made with its folder when the first head is written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Yield whether it is our turn to seal and to append, which it is until the block ends.

        Without turns a second worker of this machine could append a later head before an earlier.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            file = self.path.open("a", encoding="ascii")
        except OSError:
            yield True  # what can't be opened can't be appended to either, which then tells so
            return
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def append(self, root: Root) -> None:
        """Write a head down; on return it is on the disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        torn = self._is_torn()
        with self.path.open("a", encoding="ascii") as file:
            file.write((_TORN if torn else "") + root.to_line() + "\n")
            file.flush()
            os.fsync(file.fileno())

    def last(self) -> OutsideHead | None:
        """Return the head written last; None where there is none. Raises HeadsUnreadable."""
        size = self._size()
        if size == 0:
            return None
        with self.path.open("rb") as file:
            start = size
            while start > 0:
                # Twice as much each time: the last lines may all be torn.
                start = max(0, size - max(_TAIL_BYTES, 2 * (size - start)))
                file.seek(start)
                *lines, _ = file.read(size - start).split(b"\n")
                whole = lines if start == 0 else lines[1:]
                for line in reversed(whole):
                    if not (text := line.decode("ascii", "replace") + "\n").endswith(_TORN):
                        return _read(self.path, "The last line", text)
        return None

    def first(self) -> OutsideHead | None:
        """Return the oldest head; None where there is none. Raises HeadsUnreadable."""
        return next(self.heads(), None)

    def heads(self) -> Iterator[OutsideHead]:
        """Return the heads in the order in which they were written, those of this moment.

        One that is written after the call is not among them, however late they are read: a head
        follows its commit, so a snapshot of the chain taken after the call holds them all.
        Raises HeadsUnreadable while they are read.
        """
        return self._heads(self._size())

    def _heads(self, size: int) -> Iterator[OutsideHead]:
        if size == 0:
            return
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                size -= len(line)
                if size < 0 or not line.endswith(b"\n"):
                    return  # written later, or the machine stopped while it was written
                text = line.decode("ascii", "replace")
                if not text.endswith(_TORN):
                    yield _read(self.path, f"Line {number}", text)

    def _size(self) -> int:
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def _is_torn(self) -> bool:
        if not self.path.exists() or self.path.stat().st_size == 0:
            return False
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read() != b"\n"


def _read(path: Path, where: str, line: str) -> OutsideHead:
    parts = line.split()
    try:
        return OutsideHead(int(parts[0]), bytes.fromhex(parts[1]))
    except (IndexError, ValueError) as error:
        raise HeadsUnreadable(f"{where} of {path} is no head: {line.strip()!r}.") from error
