"""Map versions: each import is a folder of its own, and `current` points at the one in use.

maps_dir/0001-3f2a9c1d/   network.npz  order.npy  places.jsonl  basemap.pmtiles  manifest.json
maps_dir/current -> 0001-3f2a9c1d
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from dispatch.roads.errors import ImportRunning, MapCheckFailed
from dispatch.roads.importing.extract import Bounds

MANIFEST_FILE = "manifest.json"
FORMAT = 1
"""Raised when a version's files change shape; an older version must then be imported again."""

ATTRIBUTION = "© OpenStreetMap contributors"
NOTICE = "未经审图，仅供内部测试"

VERSIONS_KEPT = 3
"""The one in use, and those before it: an operator may go back by pointing `current` at one."""

WORK_PREFIX = ".importing-"
"""A folder that an import is still filling."""

_CURRENT = "current"
_VERSION_NAME = re.compile(r"(\d{4,})-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a map version says about itself."""

    source_file: str
    source_sha256: str
    bounds: Bounds
    nodes: int
    edges: int
    strong_share: float
    """Share of the edges in the largest strongly connected part."""
    places: int
    tools: dict[str, str]
    withheld: dict[str, int] | None = None
    """How many lines, areas and spots were withheld; unknown of earlier imports."""
    attribution: str = ATTRIBUTION
    notice: str = NOTICE
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class MapVersion:
    """A finished import."""

    folder: Path
    manifest: Manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
    (folder / MANIFEST_FILE).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a version's folder. Raises MapCheckFailed where it is of another format."""
    values = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    if values.get("format") != FORMAT:
        raise MapCheckFailed(
            f"The map version {folder.name} has another format; import its file again."
        )
    return Manifest(**{**values, "bounds": Bounds(**values["bounds"])})


def current_version(maps_dir: Path) -> MapVersion | None:
    """The version in use; None before the first import.

    Raises MapCheckFailed where `current` points at a folder that isn't there.
    """
    pointer = maps_dir / _CURRENT
    if not pointer.exists():
        if pointer.is_symlink():
            raise MapCheckFailed(
                f"`current` points at {pointer.readlink().name}, which isn't there: point it at a"
                " version that is, or import a map."
            )
        return None
    folder = pointer.resolve()
    return MapVersion(folder, read_manifest(folder))


def current_name(maps_dir: Path) -> str | None:
    """The folder's name of the version in use, without opening it; None before the first import."""
    try:
        return (maps_dir / _CURRENT).readlink().name
    except OSError:
        return None


def newest_first(maps_dir: Path) -> list[Path]:
    """The folders of all versions, whether they can be read or not."""
    if not maps_dir.is_dir():
        return []
    numbered = [
        (int(name[1]), path)
        for path in maps_dir.iterdir()
        if (name := _VERSION_NAME.fullmatch(path.name))
    ]
    return [path for _, path in sorted(numbered, reverse=True)]


def publish(built: Path, maps_dir: Path, digest: str) -> Path:
    """Give a finished folder its number and put it into use; returns its new path.

    Readers see either the old version or the new one, also after a loss of power: contents reach
    the disk before the name, and the pointer is replaced by one rename.
    """
    for path in [*built.iterdir(), built]:
        _flush(path)
    folder = _numbered(built, maps_dir, digest)
    pointer = maps_dir / f".{folder.name}.pointer"
    pointer.symlink_to(folder.name)
    pointer.replace(maps_dir / _CURRENT)
    _flush(maps_dir)
    return folder


@contextmanager
def only_import(maps_dir: Path) -> Iterator[None]:
    """Hold the maps while one is imported, and clear away what an import left that was ended.

    Raises ImportRunning where another one holds them.
    """
    folder = os.open(maps_dir, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in maps_dir.glob(f"{WORK_PREFIX}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    except BlockingIOError as problem:
        raise ImportRunning("Another map is being imported: wait until it has ended.") from problem
    finally:
        os.close(folder)


def prune(maps_dir: Path) -> None:
    """Take away versions but for the one in use and the newest of the others."""
    current = current_name(maps_dir)
    others = sorted(
        (int(name[1]), path)
        for path in maps_dir.iterdir()
        if (name := _VERSION_NAME.fullmatch(path.name)) and path.name != current
    )
    for _, old in others[: max(0, len(others) + 1 - VERSIONS_KEPT)]:
        shutil.rmtree(old, ignore_errors=True)


def _numbered(built: Path, maps_dir: Path, digest: str) -> Path:
    number = max(_numbers(maps_dir), default=0) + 1
    folder = maps_dir / f"{number:04d}-{digest[:8]}"
    return built.rename(folder)


def _numbers(maps_dir: Path) -> Iterator[int]:
    for path in maps_dir.iterdir():
        if name := _VERSION_NAME.fullmatch(path.name):
            yield int(name[1])


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
