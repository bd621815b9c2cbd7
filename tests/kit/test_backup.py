"""Backups of any database and any files: whole or not at all, and never trusted unchecked."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from kit.backup import (
    BackupDamaged,
    BackupExists,
    BackupFailed,
    DatabaseNotEmpty,
    FilesInTheWay,
    Manifest,
    NoBackup,
    Part,
    check_backup,
    make_backup,
    restore_database,
    restore_files,
)
from kit.database import plain_url
from kit.servers import EmbeddedPostgres

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)


def _no_facts(_connection: object) -> dict[str, str | None]:
    return {}


@pytest.fixture
def databases(postgres_server: EmbeddedPostgres) -> Iterator[tuple[str, str]]:
    """A database with two tables, and an empty one."""
    names = ("backup_full", "backup_empty")
    with psycopg.connect(postgres_server.plain_url("postgres"), autocommit=True) as admin:
        for name in names:
            admin.execute(f"CREATE DATABASE {name}")
        with psycopg.connect(plain_url(postgres_server.url(names[0]))) as full:
            full.execute("CREATE TABLE one (n int PRIMARY KEY, words text)")
            full.execute("INSERT INTO one SELECT n, '公车' || n FROM generate_series(1, 500) n")
            full.execute('CREATE TABLE "Two; DROP" ()')
        yield postgres_server.url(names[0]), postgres_server.url(names[1])
        for name in names:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def parts(tmp_path: Path) -> list[Part]:
    """A folder with a link, a file, and something that is not there."""
    media = tmp_path / "data" / "media"
    (media / "ab").mkdir(parents=True)
    (media / "ab" / "photo").write_bytes(b"\xff\xd8\xff")
    (media / "current").symlink_to("ab")
    heads = tmp_path / "data" / "heads"
    heads.write_text("1 aa\n")
    return [
        Part("heads", heads, first=True),
        Part("media", media),
        Part("maps", tmp_path / "data" / "maps"),
    ]


def moved(parts: list[Part], folder: Path) -> list[Part]:
    return [Part(part.name, folder / part.place.name, part.first) for part in parts]


def test_what_is_backed_up_is_restored_elsewhere_closed_to_others(
    databases: tuple[str, str], parts: list[Part], tmp_path: Path
) -> None:
    full, empty = databases
    folder = tmp_path / "backups" / "one"
    made, digest = make_backup(full, folder, parts, now=NOW, facts=_no_facts)
    assert len(digest) == 64
    assert made.tables == {"public.one": 500, "public.Two; DROP": 0}
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert [p.name for p in folder.parent.iterdir()] == ["one"]
    assert check_backup(folder) == made
    restore_database(empty, folder, made)
    there = moved(parts, tmp_path / "elsewhere")
    restore_files(folder, made, there)
    assert (there[1].place / "current" / "photo").read_bytes() == b"\xff\xd8\xff"
    assert there[0].place.read_text() == "1 aa\n"
    assert not there[2].place.exists()
    with psycopg.connect(plain_url(empty)) as restored:
        row = restored.execute("SELECT words FROM one WHERE n = 77").fetchone()
    assert row == ("公车77",)
    with pytest.raises(DatabaseNotEmpty):
        restore_database(empty, folder, made)
    with pytest.raises(FilesInTheWay):
        restore_files(folder, made, there)
    with pytest.raises(BackupExists):
        make_backup(full, folder, parts, now=NOW, facts=_no_facts)


def test_rows_and_facts_are_those_of_the_dumps_own_snapshot(
    databases: tuple[str, str], tmp_path: Path
) -> None:
    full, empty = databases

    def write_meanwhile(_connection: object) -> dict[str, str | None]:
        with psycopg.connect(plain_url(full)) as other:
            other.execute("INSERT INTO one SELECT n FROM generate_series(501, 600) n")
        return {}

    made, _ = make_backup(full, tmp_path / "b", [], now=NOW, facts=write_meanwhile)
    assert made.tables["public.one"] == 500
    restore_database(empty, tmp_path / "b", made)


def test_a_changed_missing_or_added_file_is_named_before_anything_is_restored(
    databases: tuple[str, str], parts: list[Part], tmp_path: Path
) -> None:
    folder = tmp_path / "b"
    make_backup(databases[0], folder, parts, now=NOW, facts=_no_facts)
    photo = folder / "files" / "media" / "ab" / "photo"
    whole = photo.read_bytes()
    photo.write_bytes(whole + b"!")
    with pytest.raises(BackupDamaged, match=r"photo was changed"):
        check_backup(folder)
    photo.unlink()
    with pytest.raises(BackupDamaged, match=r"photo is missing"):
        check_backup(folder)
    photo.write_bytes(whole)
    (folder / "stranger").write_text("x")
    with pytest.raises(BackupDamaged, match=r"stranger does not belong"):
        check_backup(folder)
    (folder / "stranger").unlink()
    check_backup(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    for change in (
        {"links": {"files/media/x": "../../../../etc"}},
        {"files": manifest["files"] | {"../outside": "0" * 64}},
        {"format": 2},
        {"unknown": 1},
    ):
        (folder / "manifest.json").write_text(json.dumps(manifest | change))
        with pytest.raises(BackupDamaged):
            check_backup(folder)
    with pytest.raises(NoBackup):
        check_backup(tmp_path)


def test_a_backup_that_fails_leaves_nothing_behind(
    databases: tuple[str, str], parts: list[Part], tmp_path: Path
) -> None:
    def fail(_connection: object) -> dict[str, str | None]:
        raise OSError("the disk is full")

    target = tmp_path / "backups" / "b"
    with pytest.raises(BackupFailed, match="the disk is full"):
        make_backup(databases[0], target, parts, now=NOW, facts=fail)
    assert list(target.parent.iterdir()) == []
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(BackupFailed, match="file"):
        make_backup(databases[0], tmp_path / "file" / "b", parts, now=NOW, facts=_no_facts)
    nowhere = "postgresql://nobody@/none?host=/nowhere"
    with pytest.raises(BackupFailed, match="reached"):
        make_backup(nowhere, target, parts, now=NOW, facts=_no_facts)
    (parts[1].place / "out").symlink_to("/etc")
    with pytest.raises(BackupFailed, match="leads out"):
        make_backup(databases[0], target, parts, now=NOW, facts=_no_facts)
    assert list(target.parent.iterdir()) == []


def test_counts_that_differ_are_told_after_restoring(
    databases: tuple[str, str], tmp_path: Path
) -> None:
    made, _ = make_backup(databases[0], tmp_path / "b", [], now=NOW, facts=_no_facts)
    wrong = Manifest(
        made.made_at,
        made.revision,
        made.server_version,
        {**made.tables, "public.one": 499},
        {},
        made.files,
        made.links,
    )
    with pytest.raises(BackupDamaged, match=r"public\.one"):
        restore_database(databases[1], tmp_path / "b", wrong)
