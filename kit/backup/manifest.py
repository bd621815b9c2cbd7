"""What a backup says of itself: every file with its digest, every table with its rows."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from kit.backup.errors import BackupDamaged, NoBackup
from kit.backup.files import sha256_of, write_closed

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of a backup.

    made_at: RFC 3339; revision: the schema's newest migration; server_version: as the server says
    tables: rows of each table in the snapshot; facts: what the maker adds, such as the journal's
    root; files: path below the folder → SHA-256; links: path of a symbolic link → its target
    """

    made_at: str
    revision: str | None
    server_version: str
    tables: Mapping[str, int]
    facts: Mapping[str, str | None]
    files: Mapping[str, str]
    links: Mapping[str, str]
    format: int = FORMAT

    def write(self, folder: Path) -> str:
        """Write the manifest into `folder`; return its own SHA-256."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        write_closed(folder / MANIFEST, text.encode())
        return sha256_of(folder / MANIFEST)

    @staticmethod
    def read(folder: Path) -> "Manifest":
        """Return the manifest in `folder`. Raises NoBackup, BackupDamaged."""
        try:
            text = (folder / MANIFEST).read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NoBackup(f"There is no finished backup in {folder}.") from error
        try:
            manifest = Manifest(**json.loads(text))
        except (TypeError, ValueError) as error:
            raise BackupDamaged(f"{folder / MANIFEST} can't be read.") from error
        if manifest.format != FORMAT:
            raise BackupDamaged(f"{folder} has format {manifest.format}; ours is {FORMAT}.")
        return manifest
