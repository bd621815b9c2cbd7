"""Uploaded files, kept by their content: the name of a file is the SHA-256 of its bytes.

What a client calls a file is never part of a path. A file is written beside its place, forced to
the disk and then given its name, so that a name always stands for the whole content.
"""

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from kit.errors import BadRequest, DomainError, Unavailable

_DIGEST = re.compile(r"[0-9a-f]{64}")

_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
)

EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


class UnknownContent(BadRequest):
    """Only JPEG and PNG images and PDF documents are taken."""


class ContentTooLarge(DomainError):
    """The file is too large."""

    status = 413


class MediaDamaged(Unavailable):
    """The file is missing or was changed on the disk; restore it from a backup."""


def media_type_of(content: bytes) -> str:
    """Return what the content itself says that it is. Raises UnknownContent."""
    for magic, media_type in _MAGIC:
        if content.startswith(magic):
            return media_type
    raise UnknownContent


@dataclass(frozen=True, slots=True)
class MediaFolder:
    """A folder of files under the digests of their content."""

    folder: Path

    def store(self, content: bytes) -> str:
        """Keep `content` on the disk and return its SHA-256 in hex."""
        digest = hashlib.sha256(content).hexdigest()
        place = self._place(digest)
        if place.exists():
            return digest
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = place.with_name(f"{digest}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(place.parent)
        return digest

    def read(self, digest: str) -> bytes:
        """Return the content with this digest, checked. Raises MediaDamaged."""
        try:
            content = self._place(digest).read_bytes()
        except OSError as error:
            raise MediaDamaged from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise MediaDamaged
        return content

    def _place(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise MediaDamaged
        return self.folder / digest[:2] / digest


def _sync_folder(folder: Path) -> None:
    """Force the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
