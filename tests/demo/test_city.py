"""The invented city: the same for a seed, driveable throughout, and never a real place."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import osmium
import pytest
from osmium.osm import Way

from demo.city import City, PlaceKind, generate, write
from dispatch.roads.importing.building import build_network
from dispatch.roads.importing.reading import read_extract
from dispatch.roads.importing.withheld import pass_gate

NEVER_IN_A_LABEL = ("公车", "专车", "VIP", "领导用车", "订单", "拼车", "借用", "司机", "案件")


def test_the_same_seed_makes_the_same_city(city: City, tmp_path: Path) -> None:
    again = generate(seed=7)
    assert again == city
    write(city, tmp_path / "one.osm.pbf")
    write(again, tmp_path / "two.osm.pbf")
    assert (tmp_path / "one.osm.pbf").read_bytes() == (tmp_path / "two.osm.pbf").read_bytes()


def test_another_seed_makes_another_city(city: City) -> None:
    assert generate(seed=8).nodes != city.nodes


def test_the_city_has_what_a_city_needs(city: City) -> None:
    classes = Counter(way.tags.get("highway") for way in city.ways)
    for highway in ("trunk", "primary", "secondary", "tertiary", "residential", "service"):
        assert classes[highway] > 0
    assert sum("bridge" in way.tags for way in city.ways) >= 5
    assert sum("tunnel" in way.tags for way in city.ways) == 1
    assert sum(way.tags.get("oneway") == "yes" for way in city.ways) > 20
    assert any(way.tags.get("junction") == "roundabout" for way in city.ways)
    for kind in PlaceKind:
        assert city.places_of(kind)
    assert len(city.places_of(PlaceKind.BASE)) == 6


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_street_of_any_seed_leads_everywhere(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "city.osm.pbf"
    write(generate(seed), path)
    network = build_network(pass_gate(read_extract(path)).lines)
    assert network.strong_nodes.all()
    assert network.edge_count > 2000


def test_every_place_lies_beside_a_street(city: City, tmp_path: Path) -> None:
    path = tmp_path / "city.osm.pbf"
    write(city, path)
    network = build_network(pass_gate(read_extract(path)).lines)
    for place in city.places:
        snap = network.nearest_edge((place.lat, place.lon))
        assert snap is not None
        assert snap.distance_m < 60, place.name


def test_the_city_lies_where_no_city_is(city: City) -> None:
    assert {round(node.lat) for node in city.nodes} == {43}
    assert all(114.5 < node.lon < 114.7 for node in city.nodes)


def test_no_label_uses_a_forbidden_word(city: City) -> None:
    names = [thing.tags.get("name", "") for thing in (*city.nodes, *city.ways)]
    assert not [name for name in names if any(word in name for word in NEVER_IN_A_LABEL)]


def test_names_of_streets_are_not_shared_by_different_classes(city: City) -> None:
    roads = [way for way in city.ways if "highway" in way.tags and "name" in way.tags]
    pairs = {(way.tags["name"], way.tags["highway"]) for way in roads}
    assert len({name for name, _ in pairs}) == len(pairs)


def test_the_suffix_decides_the_format(city: City, tmp_path: Path) -> None:
    write(city, tmp_path / "city.osm")
    assert (tmp_path / "city.osm").read_bytes().startswith(b"<?xml")
    ways = osmium.FileProcessor(str(tmp_path / "city.osm"), osmium.osm.WAY)
    assert sum(isinstance(way, Way) for way in ways) == len(city.ways)
