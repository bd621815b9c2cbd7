"""Military objects and high boundaries appear in no output, whatever shape they come in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.city import City
from dispatch.roads.importing.basemap import BASEMAP_FILE
from dispatch.roads.importing.extract import Extract
from dispatch.roads.importing.pmtiles import Archive
from dispatch.roads.importing.reading import read_extract
from dispatch.roads.importing.withheld import is_withheld, pass_gate
from dispatch.roads.network import RoadNetwork
from dispatch.roads.versions import MapVersion


def every_output(version: MapVersion) -> bytes:
    """All files of a version as plain bytes, tiles and their metadata uncompressed."""
    archive = Archive(version.folder / BASEMAP_FILE)
    files = [path.read_bytes() for path in version.folder.iterdir()]
    return b"\n".join([*files, *archive.tiles(), str(archive.metadata).encode()])


def names(extract: Extract) -> set[str]:
    things = (*extract.lines, *extract.areas, *extract.spots)
    return {thing.tags["name"] for thing in things if "name" in thing.tags}


def test_withheld_names_are_in_no_output_and_others_are(city: City, version: MapVersion) -> None:
    outputs = every_output(version)
    assert "棠帆宾馆".encode() in outputs
    assert len(city.withheld_names) >= 10
    for name in city.withheld_names:
        assert name.encode() not in outputs


def test_no_output_speaks_of_the_military_or_of_boundaries(version: MapVersion) -> None:
    outputs = every_output(version)
    for word in (b"military", b"barracks", b"boundary", b"admin_level"):
        assert word not in outputs


def test_a_road_inside_a_military_area_is_not_in_the_network(
    city: City, version: MapVersion
) -> None:
    hidden = {
        way.way_id
        for way in city.ways
        if "highway" in way.tags and way.tags.get("name") in city.withheld_names
    }
    assert len(hidden) == 2
    network = RoadNetwork.load(version.folder)
    assert not hidden & set(network.edge_way_id.tolist())


def test_the_gate_and_not_the_reader_keeps_them_out(city: City, city_file: Path) -> None:
    read = read_extract(city_file)
    reachable = names(read) & set(city.withheld_names)
    assert len(reachable) >= 9
    passed = pass_gate(read)
    assert names(read) - names(passed) == reachable
    assert len(read.lines) - len(passed.lines) == 2


def test_a_public_road_across_a_military_area_stays(city_file: Path) -> None:
    read = read_extract(city_file)
    military = next(area for area in read.areas if area.tags.get("landuse") == "military")
    west, south, east, north = military.geometry.bounds
    crossing = max(read.lines, key=lambda line: len(line.node_ids))
    road = type(crossing)(
        crossing.way_id,
        {"highway": "primary"},
        (1, 2, 3),
        np.array([south, (south + north) / 2, north]),
        np.array([west - 0.01, (west + east) / 2, east + 0.01]),
    )
    passed = pass_gate(Extract(read.bounds, (road,), (military,), ()))
    assert passed.lines == (road,)
    assert passed.areas == ()


@pytest.mark.parametrize(
    ("tags", "withheld"),
    [
        ({"military": "range"}, True),
        ({"landuse": "military"}, True),
        ({"disused:military": "bunker"}, True),
        ({"access": "military", "highway": "service"}, True),
        ({"boundary": "administrative", "admin_level": "2"}, True),
        ({"boundary": "administrative", "admin_level": "4"}, True),
        ({"boundary": "administrative", "admin_level": "6"}, False),
        ({"boundary": "administrative"}, False),
        ({"boundary": "national_park", "admin_level": "x"}, False),
        ({"place": "city", "admin_level": "4"}, False),
        ({"amenity": "hospital"}, False),
    ],
)
def test_tags_decide_what_is_withheld(tags: dict[str, str], withheld: bool) -> None:
    assert is_withheld(tags) is withheld


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=4), st.text(max_size=5))
def test_a_military_key_withholds_whatever_else_is_tagged(tags: dict[str, str], value: str) -> None:
    assert is_withheld({**tags, "military": value})
