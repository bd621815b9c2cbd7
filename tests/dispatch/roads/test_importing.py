"""From a file to the map in use, and what happens when the file is no good."""

from __future__ import annotations

import resource
from pathlib import Path
from shutil import copytree

import pytest

from dispatch.roads.engines import ORDER_FILE
from dispatch.roads.errors import (
    BasemapFailed,
    ImportRunning,
    MapCheckFailed,
    MapError,
    MapFileUnreadable,
    MapNotWritten,
    NoRoadsInMap,
)
from dispatch.roads.importing import basemap
from dispatch.roads.importing.basemap import BASEMAP_FILE
from dispatch.roads.importing.checking import check_version
from dispatch.roads.importing.deny_list import DENY_FILE
from dispatch.roads.importing.importing import import_map
from dispatch.roads.importing.pmtiles import Archive
from dispatch.roads.network import NETWORK_FILE, RoadNetwork
from dispatch.roads.place_search.catalogue import WHERE_FILE
from dispatch.roads.place_search.index import INDEX_FILES
from dispatch.roads.places import PLACES_FILE, load_places
from dispatch.roads.road_names import ROAD_NAMES_FILE
from dispatch.roads.travel_times import load_travel_times
from dispatch.roads.versions import (
    MANIFEST_FILE,
    WORK_PREFIX,
    MapVersion,
    current_version,
    only_import,
    prune,
)

NOTHING_TO_DRIVE = b"""<?xml version='1.0'?><osm version="0.6">
<node id="1" lat="43.3" lon="114.6" version="1"/><node id="2" lat="43.4" lon="114.6" version="1"/>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="footway"/></way></osm>"""

FRAGMENTS = b"""<?xml version='1.0'?><osm version="0.6">
<node id="1" lat="43.3" lon="114.6" version="1"/><node id="2" lat="43.4" lon="114.6" version="1"/>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/>
<tag k="highway" v="primary"/><tag k="oneway" v="yes"/></way></osm>"""


def test_an_import_holds_roads_places_and_a_basemap(version: MapVersion) -> None:
    files = {path.name for path in version.folder.iterdir()}
    roads = {NETWORK_FILE, ORDER_FILE, ROAD_NAMES_FILE}
    places = {PLACES_FILE, WHERE_FILE, *INDEX_FILES}
    assert files == roads | places | {BASEMAP_FILE, MANIFEST_FILE}
    assert version.manifest.source_file == "city.osm.pbf"
    assert version.manifest.strong_share == 1.0
    assert version.manifest.attribution == "© OpenStreetMap contributors"
    assert version.manifest.notice == "未经审图，仅供内部测试"
    assert RoadNetwork.load(version.folder).edge_count == version.manifest.edges


def test_the_basemap_has_its_layers_from_zoom_3_to_14(version: MapVersion) -> None:
    archive = Archive(version.folder / BASEMAP_FILE)
    assert (archive.min_zoom, archive.max_zoom) == (3, 14)
    layers = archive.metadata["vector_layers"]
    assert isinstance(layers, list)
    assert {layer["id"] for layer in layers} == {
        "buildings",
        "landmarks",
        "landuse",
        "roads",
        "settlements",
        "water",
        "waterways",
    }


def test_no_output_names_a_folder_of_the_machine(version: MapVersion, city_file: Path) -> None:
    text = str(Archive(version.folder / BASEMAP_FILE).metadata)
    text += (version.folder / MANIFEST_FILE).read_text(encoding="utf-8")
    assert str(city_file.parent) not in text
    assert "site-packages" not in text
    assert str(version.folder.parent) not in text


def test_named_places_are_found_with_their_category(version: MapVersion) -> None:
    categories = {place.name: place.category for place in load_places(version.folder)}
    assert categories["棠帆宾馆"] == "hotel"
    assert categories["澄禾示范城水务管理局"] == "government"
    assert categories["棠圃片区"] == "suburb"


def test_a_second_import_tells_its_steps_takes_over_and_keeps_the_first(
    city_file: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    first = import_map(city_file, tmp_path, lambda line: None)
    second = import_map(city_file, tmp_path, told.append)
    assert told[0] == "Reading city.osm.pbf"
    assert told[-1] == f"Map {second.folder.name} is in use"
    assert current_version(tmp_path) == second
    assert [first.folder.name[:4], second.folder.name[:4]] == ["0001", "0002"]
    assert first.folder.is_dir()


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("garbage.osm.pbf", b"not a map" * 500, MapFileUnreadable),
        ("empty.osm.pbf", b"", MapFileUnreadable),
        ("photo.jpeg", b"\xff\xd8\xff\xe0", MapFileUnreadable),
        ("page.osm", b"<html><body/></html>", MapFileUnreadable),
        ("bare.osm", b"<?xml version='1.0'?><osm version='0.6'></osm>", MapFileUnreadable),
        ("footways.osm", NOTHING_TO_DRIVE, NoRoadsInMap),
        ("fragments.osm", FRAGMENTS, MapCheckFailed),
    ],
)
def test_a_file_that_is_no_map_leaves_the_old_one_in_use(
    version: MapVersion,
    maps_dir: Path,
    tmp_path: Path,
    name: str,
    content: bytes,
    error: type[MapError],
) -> None:
    before = sorted(path.name for path in maps_dir.iterdir())
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error) as refusal:
        import_map(tmp_path / name, maps_dir, lambda line: None)
    assert str(refusal.value).endswith((".", ")."))
    assert sorted(path.name for path in maps_dir.iterdir()) == before
    assert current_version(maps_dir) == version
    assert load_travel_times(maps_dir).label == "roads"


@pytest.mark.parametrize("most_bytes", [20_000, 400_000])
def test_a_disk_that_fills_up_leaves_the_old_map_in_use(
    version: MapVersion, city_file: Path, maps_dir: Path, most_bytes: int
) -> None:
    before = sorted(path.name for path in maps_dir.iterdir())
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file may grow further: what a full disk says, said to this process and those it starts.
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, hard))
    try:
        with pytest.raises(MapNotWritten, match=r"can't be written \(.+\)\.$"):
            import_map(city_file, maps_dir, lambda line: None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert sorted(path.name for path in maps_dir.iterdir()) == before
    assert current_version(maps_dir) == version


def test_a_tile_builder_that_stops_leaves_no_map(
    city_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(basemap, "MAX_ZOOM", -1)
    with pytest.raises(BasemapFailed, match="could not be built"):
        import_map(city_file, tmp_path, lambda line: None)
    assert not any(tmp_path.iterdir())


def test_two_imports_at_once_are_one_too_many(city_file: Path, tmp_path: Path) -> None:
    left = tmp_path / f"{WORK_PREFIX}left"
    left.mkdir()
    with only_import(tmp_path):
        assert not left.exists()  # what an import left that was ended
        with pytest.raises(ImportRunning):
            import_map(city_file, tmp_path, lambda line: None)
    with only_import(tmp_path):
        pass


def test_old_versions_go_but_never_the_one_in_use(tmp_path: Path) -> None:
    for number in (9, 10, 11, 9999, 10000):
        (tmp_path / f"{number:04d}-0123abcd").mkdir()
    (tmp_path / "current").symlink_to("0009-0123abcd")
    (tmp_path / DENY_FILE).write_text("w1\n")
    prune(tmp_path)
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {"0009-0123abcd", "9999-0123abcd", "10000-0123abcd", "current", DENY_FILE}


def test_a_map_cut_short_is_refused(city_file: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(city_file.read_bytes()[:-2000])
    with pytest.raises(MapFileUnreadable):
        import_map(cut, tmp_path / "maps", lambda line: None)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(MapFileUnreadable, match="There is no file"):
        import_map(tmp_path / "nowhere.osm.pbf", tmp_path / "maps", lambda line: None)


@pytest.mark.parametrize("file", [NETWORK_FILE, BASEMAP_FILE, PLACES_FILE, MANIFEST_FILE])
def test_a_version_with_a_broken_file_fails_its_check(
    version: MapVersion, tmp_path: Path, file: str
) -> None:
    folder = copytree(version.folder, tmp_path / version.folder.name)
    check_version(folder)
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(MapCheckFailed):
        check_version(folder)
