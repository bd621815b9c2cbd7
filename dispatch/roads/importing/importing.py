"""One file becomes a map version: roads, places and basemap, checked, then put into use."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

from shapely.errors import ShapelyError

from dispatch.roads.engines import best_engine, save_order
from dispatch.roads.errors import MapFileUnreadable, MapNotWritten
from dispatch.roads.importing.access_rules import has_conditional_access, has_unclear_access
from dispatch.roads.importing.basemap import basemap_beside, tool_versions
from dispatch.roads.importing.building import build_network
from dispatch.roads.importing.checking import check_version
from dispatch.roads.importing.deny_list import DENY_FILE, DenyList, read_deny_list
from dispatch.roads.importing.extract import Extract
from dispatch.roads.importing.reading import read_extract
from dispatch.roads.importing.withheld import pass_gate
from dispatch.roads.network import RoadNetwork
from dispatch.roads.place_search.catalogue import save_catalogue
from dispatch.roads.places import find_places, save_places
from dispatch.roads.road_names import RoadNames
from dispatch.roads.versions import (
    WORK_PREFIX,
    Manifest,
    MapVersion,
    only_import,
    prune,
    publish,
    write_manifest,
)

Progress = Callable[[str], None]


def import_map(pbf: Path, maps_dir: Path, progress: Progress) -> MapVersion:
    """Import an OpenStreetMap file and put it into use; `progress` hears a line a step.

    The version in use before stays in its folder, and in use where anything fails; of earlier ones
    VERSIONS_KEPT are kept in all.
    Raises MapError: ImportRunning, MapFileUnreadable, NoRoadsInMap, BasemapFailed, MapCheckFailed,
    MapNotWritten or DenyListUnreadable.
    """
    try:
        maps_dir.mkdir(parents=True, exist_ok=True)
        with only_import(maps_dir):
            version = _import(pbf, maps_dir, progress)
            prune(maps_dir)
    except ShapelyError as problem:
        raise MapFileUnreadable(f"The shapes in {pbf.name} can't be worked with.") from problem
    except OSError as problem:
        raise MapNotWritten(f"The new map can't be written ({problem.strerror}).") from problem
    progress(f"Map {version.folder.name} is in use")
    return version


def _import(pbf: Path, maps_dir: Path, progress: Progress) -> MapVersion:
    denied = read_deny_list(maps_dir)
    progress(f"Reading {pbf.name}")
    extract = read_extract(pbf, denied)
    for line in _gate_report(extract, denied):
        progress(line)
    digest = _sha256(pbf)
    work = Path(mkdtemp(prefix=WORK_PREFIX, dir=maps_dir))
    try:
        shown = pass_gate(extract, denied)
        progress("20 %: writing the basemap's layers")
        with basemap_beside(shown, work) as finish_basemap:
            progress("35 %: building the road network while tiles are cut")
            network, places = _build(shown, work)
            progress(_rules_kept(shown, network))
            progress(f"60 %: {network.edge_count} road pieces, {places} places; cutting tiles")
            finish_basemap()
        manifest = Manifest(
            source_file=pbf.name,
            source_sha256=digest,
            bounds=shown.bounds,
            nodes=network.node_count,
            edges=network.edge_count,
            strong_share=round(len(network.strong_edges) / network.edge_count, 4),
            places=places,
            tools=tool_versions(),
            withheld=_withheld(extract, shown),
        )
        write_manifest(work, manifest)
        progress("95 %: checking the new map")
        check_version(work)
        work.chmod(0o755)
        return MapVersion(publish(work, maps_dir, digest), manifest)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def _build(shown: Extract, work: Path) -> tuple[RoadNetwork, int]:
    """Write roads and places into a folder; returns the network and how many places there are."""
    network = build_network(shown.lines, shown.restrictions, shown.barriers)
    network.save(work)
    save_order(best_engine(network), work)
    RoadNames.of(shown.lines, network.edge_way_id).save(work)
    places = list(find_places(shown))
    save_places(places, work)
    save_catalogue(places, work)
    return network, len(places)


def _rules_kept(shown: Extract, network: RoadNetwork) -> str:
    kept = f"{len(shown.restrictions)} turn restrictions, {(~network.node_open).sum()} barriers"
    roads = [line.tags for line in shown.lines if "highway" in line.tags]
    unkept = {
        "restrictions for some hours are not kept": shown.conditional_restrictions,
        "unclear restrictions are not kept": shown.unclear_restrictions,
        "roads with access at some hours only are taken as without": sum(
            map(has_conditional_access, roads)
        ),
        "roads with unclear access are taken as private": sum(map(has_unclear_access, roads)),
    }
    return "; ".join([kept, *(f"{count} {what}" for what, count in unkept.items() if count)])


def _gate_report(read: Extract, denied: DenyList) -> Iterator[str]:
    """What the operator should look after: broken outlines, and entries that withhold nothing."""
    if read.unclosed_grounds:
        yield (
            f"{read.unclosed_grounds} withheld areas could not be closed: "
            "all within the hull of their known nodes is withheld"
        )
    for entry in denied.without_a_match(read.matched_entries):
        yield f"{DENY_FILE}: {entry} matches nothing in this map"


def _withheld(read: Extract, shown: Extract) -> dict[str, int]:
    """How many objects the gate has held back."""
    return {
        kind: len(getattr(read, kind)) - len(getattr(shown, kind))
        for kind in ("lines", "areas", "spots")
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
