"""`gongche backup` and `gongche restore`, and the backup that goes before every migration."""

import heapq
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from psycopg import Connection

from fleet.acts import Act
from fleet.journal.chain import Root
from fleet.journal.heads import HeadsFile
from fleet.journal.verify_store import open_chain
from fleet.journal.verifying import verify
from fleet.journal.words import Algorithm
from gateway.cli.at_hand import database_at_hand
from gateway.cli.journal import told
from gateway.cli.running import read_settings, run
from kit import database
from kit.backup import (
    BackupDamaged,
    BackupTooNew,
    Manifest,
    Part,
    check_backup,
    make_backup,
    restore_database,
    restore_files,
)
from kit.backup.restoring import refuse_files_in_the_way
from kit.backup.snapshot import Rows, connect, revision
from kit.clock import utc_now
from kit.revisions import is_known, newest_revision
from kit.settings import Settings

_KEYS = "keys"
_SEAL = "SELECT n, head, sealed_at, algorithm FROM journal_seal ORDER BY n DESC LIMIT 1"


def backup(
    folder: Annotated[
        Path | None, typer.Argument(help="a new folder; a dated one if left out")
    ] = None,
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="with the key of sealed secrets: guard it then")
    ] = False,
) -> None:
    """Back up the database, media, maps and the journal's heads, while all runs."""
    settings = read_settings()
    with database_at_hand(settings) as url:
        place, manifest, digest = _make(settings, url, folder, with_keys=with_keys)
        run(_record(url, "backup.make", place, manifest, digest))
    typer.echo(f"Backed up to {place}: {_size(manifest)}.")
    typer.echo(f"SHA-256 of its manifest: {digest}")
    if not with_keys:
        typer.echo("The key of sealed secrets is not in it: keep a copy of that elsewhere.")


def restore(
    folder: Annotated[Path, typer.Argument(help="the folder that `gongche backup` made")],
    sha256: Annotated[
        str | None, typer.Option(help="of its manifest, as `gongche backup` printed it")
    ] = None,
) -> None:
    """Restore a backup into an empty database and data folder, and prove that it is whole."""
    settings = read_settings()
    manifest = check_backup(folder, sha256)
    if not is_known(manifest.revision):
        raise BackupTooNew(
            f"{folder} comes from a newer version of Gongche; restore it with that one."
        )
    parts = _parts(settings, with_keys=True)
    refuse_files_in_the_way([part for part in parts if _has(manifest, part)])
    with database_at_hand(settings) as url:
        restore_database(url, folder, manifest)
        restore_files(folder, manifest, [part for part in parts if _has(manifest, part)])
        typer.echo(f"Restored {_size(manifest)}, made at {manifest.made_at}; all counts agree.")
        database.migrate(url)
        _verify_journal(settings, url, manifest)
        run(_record(url, "backup.restore", folder, manifest, None))
    if not any(name.startswith(f"files/{_KEYS}") for name in manifest.files):
        typer.echo("Put the key of sealed secrets back before you start: it is not in the backup.")


def migrate_safely(settings: Settings, url: str) -> list[str]:
    """Bring the database to the newest schema, after a backup if it holds data.

    Returns what there is to say.
    """
    said: list[str] = []
    made: tuple[Path, Manifest, str] | None = None
    if _is_due(url):
        if settings.backup_before_migration:
            made = _make(settings, url, None, with_keys=False)
            said.append(f"Backed up to {made[0]} before the migration: {_size(made[1])}.")
        else:
            said.append(
                "Migrating without a backup: GONGCHE_BACKUP_BEFORE_MIGRATION is switched off."
            )
    database.migrate(url)
    if made is not None:
        run(_record(url, "backup.make", *made))
    return said


def _is_due(url: str) -> bool:
    """Return whether a database that holds data is to be migrated."""
    with connect(url) as connection:
        now_at = revision(connection)
        if now_at is None or now_at == newest_revision():
            return False
        row = connection.execute("SELECT EXISTS (SELECT FROM organisation)").fetchone()
        return bool(row and row[0])


def _make(
    settings: Settings, url: str, folder: Path | None, *, with_keys: bool
) -> tuple[Path, Manifest, str]:
    now = utc_now()
    place = folder or settings.backups_dir / f"gongche-{now:%Y%m%dT%H%M%SZ}"
    parts = _parts(settings, with_keys=with_keys)
    manifest, digest = make_backup(url, place, parts, now=now, facts=_facts)
    return place, manifest, digest


def _parts(settings: Settings, *, with_keys: bool) -> list[Part]:
    keys = Part(_KEYS, settings.secret_key_file or settings.data_dir / "secret.key")
    return [
        # Written after the database: copied before it, they are never ahead of it.
        Part("journal-heads", settings.journal_heads_path, first=True),
        Part("media", settings.media_dir),
        Part("maps", settings.maps_dir),
        *([keys] if with_keys else []),
    ]


def _has(manifest: Manifest, part: Part) -> bool:
    root = f"files/{part.name}"
    return any(
        name == root or name.startswith(root + "/") for name in (*manifest.files, *manifest.links)
    )


def _facts(connection: Connection[Rows]) -> dict[str, str | None]:
    stands = connection.execute("SELECT to_regclass('journal_seal') IS NOT NULL").fetchone()
    row = connection.execute(_SEAL).fetchone() if stands and stands[0] else None
    if row is None:
        return {"journal_root": None}
    n, head, sealed_at, algorithm = row
    assert isinstance(n, int)
    assert isinstance(head, bytes)
    assert isinstance(sealed_at, datetime)
    return {"journal_root": Root(n, head, sealed_at, Algorithm(str(algorithm))).to_line()}


def _verify_journal(settings: Settings, url: str, manifest: Manifest) -> None:
    heads = heapq.merge(HeadsFile(settings.journal_heads_path).heads(), key=lambda head: head.n)
    with open_chain(url) as chain:
        verdict = verify(chain, heads)
    for line in told(verdict):
        typer.echo(line)
    root = manifest.facts.get("journal_root")
    if verdict.finding is not None or (root and verdict.head.hex() != root.split()[1]):
        raise BackupDamaged("The restored journal does not verify.")


async def _record(
    url: str, action: str, place: Path, manifest: Manifest, digest: str | None
) -> None:
    engine = database.open_engine(url)
    try:
        async with database.transaction(database.open_sessions(engine)) as session:
            facts = {
                "folder": str(place),
                "made_at": manifest.made_at,
                "rows": sum(manifest.tables.values()),
                "journal_root": manifest.facts.get("journal_root"),
                "manifest_sha256": digest,
            }
            act = Act(None, utc_now(), reason=f"gongche {action.partition('.')[0]}")
            act.record(session, action, "backup", None, after=facts)
    finally:
        await engine.dispose()


def _size(manifest: Manifest) -> str:
    rows = sum(manifest.tables.values())
    return f"{rows} rows in {len(manifest.tables)} tables, {len(manifest.files)} files"
