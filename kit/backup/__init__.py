"""Backups: one snapshot of the database and the files beside it, whole or not at all.

FOLDER/manifest.json     what is in it: SHA-256 and size of every file, rows of every table
FOLDER/database.dump     pg_dump's custom format
FOLDER/files/NAME/…      the folders and files that belong to it, such as media and maps
"""

from kit.backup.errors import (
    AnotherBackup,
    BackupDamaged,
    BackupExists,
    BackupFailed,
    BackupTooNew,
    DatabaseNotEmpty,
    FilesInTheWay,
    NoBackup,
)
from kit.backup.manifest import Manifest
from kit.backup.restoring import check_backup, restore_database, restore_files
from kit.backup.writing import Part, make_backup

__all__ = [
    "AnotherBackup",
    "BackupDamaged",
    "BackupExists",
    "BackupFailed",
    "BackupTooNew",
    "DatabaseNotEmpty",
    "FilesInTheWay",
    "Manifest",
    "NoBackup",
    "Part",
    "check_backup",
    "make_backup",
    "restore_database",
    "restore_files",
]
