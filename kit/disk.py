"""How full the disk below a folder is."""

import shutil
from dataclasses import dataclass
from pathlib import Path

WANTED_FREE_BYTES = 5 * 2**30
"""A disk with less is nearly full."""


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes that may still be written, and bytes in all."""

    free: int
    size: int

    @property
    def free_share(self) -> float:
        """The free part of it, from 0 to 1."""
        return self.free / self.size if self.size else 0.0


def disk_of(folder: Path) -> Disk:
    """Return the disk on which a folder stands, or would stand if it were made."""
    folder = folder.resolve()
    stands = next(path for path in (folder, *folder.parents) if path.exists())
    usage = shutil.disk_usage(stands)
    return Disk(free=usage.free, size=usage.total)
