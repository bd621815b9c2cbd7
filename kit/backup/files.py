"""Copying files so that nobody else can read the copies, and knowing them by their digests."""

import hashlib
import os
from collections.abc import Iterator
from io import BufferedWriter
from pathlib import Path

_BLOCK = 1 << 20


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_closed(path: Path, content: bytes) -> None:
    """Write a new file (0600) that is on the disk on return."""
    with _new_closed(path) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def copy_closed(source: Path, target: Path) -> str:
    """Copy a file into a new one (0600), force it to the disk; return the copy's SHA-256."""
    digest = hashlib.sha256()
    with source.open("rb") as read, _new_closed(target) as written:
        while block := read.read(_BLOCK):
            digest.update(block)
            written.write(block)
        written.flush()
        os.fsync(written.fileno())
    return digest.hexdigest()


def files_below(place: Path) -> Iterator[Path]:
    """Yield the files and symbolic links at or below `place`, in order; sockets are left out."""
    if place.is_symlink() or place.is_file():
        yield place
        return
    if place.is_dir():
        for entry in sorted(place.iterdir()):
            yield from files_below(entry)


def make_closed(folder: Path) -> None:
    """Make a folder and those above it that are missing (0700)."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o700)


def force(folder: Path) -> None:
    """Force the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _new_closed(path: Path) -> BufferedWriter:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    return os.fdopen(handle, "wb")
