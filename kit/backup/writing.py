"""Making a backup: beside its place first, and given its name when it is whole."""

import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from psycopg import Connection, IsolationLevel

from kit.backup import programs
from kit.backup.errors import BackupExists, BackupFailed
from kit.backup.files import copy_closed, files_below, force, make_closed, sha256_of
from kit.backup.manifest import Manifest
from kit.backup.snapshot import Rows, connect, holdings

DUMP = "database.dump"
FILES = "files"

Facts = Callable[[Connection[Rows]], dict[str, str | None]]


@dataclass(frozen=True, slots=True)
class Part:
    """A file or folder that belongs to a backup under `name`.

    first: whether it is copied before the snapshot: what only grows and is written after the
    database (the journal's heads) must not be ahead of it. The rest is copied after the snapshot,
    for the database names a file only once it stands.
    """

    name: str
    place: Path
    first: bool = False


def make_backup(
    url: str, folder: Path, parts: Sequence[Part], *, now: datetime, facts: Facts
) -> tuple[Manifest, str]:
    """Back the database at `url` up into a new `folder`; return the manifest and its SHA-256.

    facts: reads what else the manifest tells, in the same snapshot
    Raises BackupExists, BackupFailed; what was begun is removed.
    """
    folder = folder.absolute()
    if folder.exists() or folder.is_symlink():
        raise BackupExists(f"There is something at {folder} already; name another folder.")
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        make_closed(folder.parent)
        draft.mkdir(mode=0o700)
        manifest = _fill(url, draft, parts, now, facts)
        digest = manifest.write(draft)
        for inner in (draft, *(one for one in draft.rglob("*") if one.is_dir())):
            force(inner)
        draft.rename(folder)
        force(folder.parent)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        where = error.filename or folder
        raise BackupFailed(f"The backup failed at {where}: {error.strerror or error}.") from error
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return manifest, digest


def _fill(url: str, draft: Path, parts: Sequence[Part], now: datetime, facts: Facts) -> Manifest:
    files: dict[str, str] = {}
    links: dict[str, str] = {}
    for part in parts:
        if part.first:
            _copy(part, draft, files, links)
    with connect(url) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        programs.run(
            "pg_dump",
            [
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={row[0]}",
                f"--file={draft / DUMP}",
            ],
            url,
        )
        found = holdings(connection)
        told = facts(connection)
    files[DUMP] = sha256_of(draft / DUMP)
    for part in parts:
        if not part.first:
            _copy(part, draft, files, links)
    return Manifest(
        made_at=now.isoformat(),
        revision=found.revision,
        server_version=found.server_version,
        tables=found.tables,
        facts=told,
        files=files,
        links=links,
    )


def _copy(part: Part, draft: Path, files: dict[str, str], links: dict[str, str]) -> None:
    for source in files_below(part.place):
        below = Path(FILES, part.name, source.relative_to(part.place))
        make_closed((draft / below).parent)
        if source.is_symlink():
            target = source.readlink()
            if target.is_absolute() or ".." in target.parts:
                raise BackupFailed(f"{source} leads out of its folder; put what it means in place.")
            links[below.as_posix()] = target.as_posix()
        else:
            files[below.as_posix()] = copy_closed(source, draft / below)
