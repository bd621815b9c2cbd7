"""Restoring a backup: checked before, into what is empty, and counted after."""

import os
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from kit.backup import programs
from kit.backup.errors import AnotherBackup, BackupDamaged, DatabaseNotEmpty, FilesInTheWay
from kit.backup.files import copy_closed, files_below, force, make_closed, sha256_of
from kit.backup.manifest import MANIFEST, Manifest
from kit.backup.snapshot import connect, holdings
from kit.backup.writing import DUMP, FILES, Part


def check_backup(folder: Path, sha256: str | None = None) -> Manifest:
    """Return the manifest of a backup that is what it says.

    sha256: of the manifest, in hex, as it was told when the backup was made; None is any
    Raises AnotherBackup, NoBackup, BackupDamaged for a file that is missing, changed or not in the
    manifest.
    """
    manifest = Manifest.read(folder)
    if sha256 is not None and sha256_of(folder / MANIFEST) != sha256.strip().lower():
        raise AnotherBackup(f"The manifest in {folder} is not the one whose SHA-256 was told.")
    for name, digest in manifest.files.items():
        path = folder / _inside(name)
        if not path.is_file() or path.is_symlink():
            raise BackupDamaged(f"{name} is missing from the backup.")
        if sha256_of(path) != digest:
            raise BackupDamaged(f"{name} was changed since the backup was made.")
    for name, target in manifest.links.items():
        _inside(name)
        _inside((PurePosixPath(name).parent / target).as_posix())
    known = {MANIFEST, *manifest.files}
    found = {path.relative_to(folder).as_posix() for path in files_below(folder)}
    if strange := sorted(found - known):
        raise BackupDamaged(f"{strange[0]} does not belong to the backup.")
    if DUMP not in manifest.files:
        raise BackupDamaged("The manifest names no dump of the database.")
    return manifest


def restore_database(url: str, folder: Path, manifest: Manifest) -> None:
    """Fill the empty database at `url`, all or nothing, and count its rows.

    Raises DatabaseNotEmpty, BackupFailed, BackupDamaged when the counts differ.
    """
    with connect(url) as connection:
        if tables := holdings(connection).tables:
            raise DatabaseNotEmpty(
                f"The database holds {len(tables)} tables already; "
                "a backup is restored into an empty one only."
            )
    arguments = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    database = programs.environment(url)["PGDATABASE"]
    programs.run("pg_restore", [*arguments, f"--dbname={database}", str(folder / DUMP)], url)
    with connect(url) as connection:
        found = holdings(connection)
    different = {
        name
        for name in {*found.tables, *manifest.tables}
        if found.tables.get(name) != manifest.tables.get(name)
    }
    if different:
        raise BackupDamaged(f"After restoring, {sorted(different)[0]} holds other rows than told.")


def refuse_files_in_the_way(parts: Sequence[Part]) -> None:
    """Raise FilesInTheWay if any part's place holds something already."""
    for part in parts:
        if next(files_below(part.place), None) is not None:
            raise FilesInTheWay(
                f"{part.place} holds files already; a backup is restored into an empty folder only."
            )


def restore_files(folder: Path, manifest: Manifest, parts: Sequence[Part]) -> None:
    """Put the files of each part to its place, each part whole or not at all.

    Raises FilesInTheWay.
    """
    refuse_files_in_the_way(parts)
    for part in parts:
        root = PurePosixPath(FILES, part.name)
        mine = [name for name in manifest.files if _is_below(name, root)]
        links = {name: to for name, to in manifest.links.items() if _is_below(name, root)}
        if mine or links:
            _restore_part(folder, part, root, mine, links)


def _restore_part(
    folder: Path, part: Part, root: PurePosixPath, names: list[str], links: dict[str, str]
) -> None:
    make_closed(part.place.parent)
    draft = part.place.with_name(f".{part.place.name}.{secrets.token_hex(4)}")
    try:
        for name in names:
            target = draft / PurePosixPath(name).relative_to(root)
            make_closed(target.parent)
            copy_closed(folder / name, target)
        for name, to in links.items():
            link = draft / PurePosixPath(name).relative_to(root)
            make_closed(link.parent)
            link.symlink_to(to)
        if part.place.is_dir():
            part.place.rmdir()
        draft.rename(part.place)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    force(part.place.parent)


def _is_below(name: str, root: PurePosixPath) -> bool:
    path = PurePosixPath(name)
    return path == root or root in path.parents


def _inside(name: str) -> str:
    """Return `name` if it leads nowhere outside the backup. Raises BackupDamaged."""
    normal = os.path.normpath(name)
    if PurePosixPath(name).is_absolute() or normal.startswith("..") or "\0" in name:
        raise BackupDamaged(f"The manifest names {name!r}, outside the backup.")
    return name
