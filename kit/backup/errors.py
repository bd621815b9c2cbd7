"""Trouble with backups, each in one sentence."""

from kit.trouble import Trouble


class BackupExists(Trouble):
    """There is something at the backup's place already; name another folder."""


class BackupFailed(Trouble):
    """The backup could not be made; nothing was left behind."""


class NoBackup(Trouble):
    """There is no finished backup in this folder."""


class BackupDamaged(Trouble):
    """The backup is not what its manifest says."""


class AnotherBackup(Trouble):
    """The backup's manifest is not the one whose SHA-256 was told."""


class BackupTooNew(Trouble):
    """The backup comes from a newer version of Gongche; restore it with that one."""


class DatabaseNotEmpty(Trouble):
    """The database holds tables already; a backup is restored into an empty one only."""


class FilesInTheWay(Trouble):
    """The data folder holds files already; a backup is restored into an empty one only."""
