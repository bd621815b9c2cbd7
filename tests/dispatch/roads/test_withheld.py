"""Military objects and high boundaries appear in no output, whatever shape they come in."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from demo.city import City
from dispatch.roads.importing.basemap import BASEMAP_FILE
from dispatch.roads.importing.extract import Area, Bounds, Extract, Line, Spot
from dispatch.roads.importing.judging import is_withheld
from dispatch.roads.importing.pmtiles import Archive
from dispatch.roads.importing.reading import read_extract
from dispatch.roads.importing.withheld import pass_gate
from dispatch.roads.network import RoadNetwork
from dispatch.roads.versions import MapVersion


def every_output(version: MapVersion) -> bytes:
    """All files of a version as plain bytes, tiles and their metadata uncompressed."""
    archive = Archive(version.folder / BASEMAP_FILE)
    files = [part for path in version.folder.iterdir() for part in unpacked(path)]
    return b"\n".join([*files, *archive.tiles(), str(archive.metadata).encode()])


def unpacked(path: Path) -> list[bytes]:
    """A file's bytes; an archive of arrays array by array."""
    if path.suffix != ".npz":
        return [path.read_bytes()]
    with ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist()]


def names(extract: Extract) -> set[str]:
    things: tuple[Line | Area | Spot, ...] = (*extract.lines, *extract.areas, *extract.spots)
    return {thing.tags["name"] for thing in things if "name" in thing.tags}


def test_withheld_names_are_in_no_output_and_others_are(city: City, version: MapVersion) -> None:
    outputs = every_output(version)
    for shown in ("棠帆宾馆", "tangfanbinguan", a_street_of(city)):
        assert shown.encode() in outputs
    assert len(city.withheld_names) >= 25
    for name in city.withheld_names:
        assert name.encode() not in outputs
    for part in ("演示禁显", "yanshijinxian", "ysjx"):
        assert part.encode() not in outputs


def a_street_of(city: City) -> str:
    return next(way.tags["name"] for way in city.ways if {"highway", "name"} <= set(way.tags))


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
    assert len(hidden) == 3
    network = RoadNetwork.load(version.folder)
    assert not hidden & set(network.edge_way_id.tolist())


def test_the_gate_and_not_the_reader_keeps_them_out(city: City, city_file: Path) -> None:
    read = read_extract(city_file)
    reachable = names(read) & set(city.withheld_names)
    assert len(reachable) >= 25
    passed = pass_gate(read)
    assert names(read) - names(passed) == reachable
    assert len(read.lines) - len(passed.lines) == 3


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


def road(*points: tuple[float, float], highway: str) -> Line:
    lons, lats = np.array(points).T
    nodes = tuple(range(1, len(points) + 1))
    return Line(1, {"highway": highway}, nodes, lats.copy(), lons.copy())


CLOSED = Area("r1", {"military": "base"}, box(114.0, 43.0, 114.1, 43.1))
BOUNDS = Bounds(42.0, 113.0, 44.0, 115.0)


@pytest.mark.parametrize(
    ("highway", "points", "left"),
    [
        # In by the gate: only the way to it stays, whichever end is inside.
        ("service", [(113.9, 43.05), (113.99, 43.05), (114.05, 43.05)], [113.9, 113.99]),
        ("service", [(114.05, 43.05), (113.99, 43.05), (113.9, 43.05)], [113.99, 113.9]),
        ("residential", [(113.99, 43.05), (114.05, 43.05)], []),
        ("service", [(114.02, 43.05), (114.05, 43.05)], []),
        ("primary", [(113.9, 43.05), (114.05, 43.05)], [113.9, 114.05]),
        ("primary", [(114.02, 43.05), (114.05, 43.05)], []),
        # From gate to gate: nothing of its course inside, be there a corner of it or none.
        ("service", [(113.9, 43.05), (114.05, 43.05), (114.2, 43.05)], []),
        ("residential", [(113.8, 43.05), (113.9, 43.05), (114.2, 43.05)], [113.8, 113.9]),
        ("primary", [(113.9, 43.05), (114.05, 43.05), (114.2, 43.05)], [113.9, 114.05, 114.2]),
        # Along the edge is outside.
        ("residential", [(114.0, 43.0), (114.0, 43.1), (114.0, 43.2)], [114.0] * 3),
    ],
)
def test_a_road_into_a_withheld_area_ends_at_its_edge(
    highway: str, points: list[tuple[float, float]], left: list[float]
) -> None:
    shown = pass_gate(Extract(BOUNDS, (road(*points, highway=highway),), (CLOSED,), ()))
    assert [lon for line in shown.lines for lon in line.lons.tolist()] == left


@pytest.mark.parametrize(
    ("tags", "lons", "left"),
    [
        ({"railway": "rail", "service": "spur"}, [113.9, 113.99, 114.05], [113.9, 113.99]),
        ({"railway": "rail"}, [113.9, 113.99, 114.05], [113.9, 113.99]),
        ({"railway": "rail"}, [113.9, 114.05, 114.2], [113.9, 114.05, 114.2]),
        (
            {"waterway": "stream"},
            [113.8, 113.9, 114.05, 114.2, 114.3],
            [113.8, 113.9, 114.2, 114.3],
        ),
        ({"waterway": "river"}, [113.9, 114.05, 114.2], [113.9, 114.05, 114.2]),
    ],
)
def test_a_track_or_a_stream_of_a_withheld_area_s_own_keeps_no_course_inside(
    tags: dict[str, str], lons: list[float], left: list[float]
) -> None:
    nodes = tuple(range(len(lons)))
    line = Line(1, tags, nodes, np.full(len(lons), 43.05), np.array(lons))
    shown = pass_gate(Extract(BOUNDS, (line,), (CLOSED,), ()))
    assert [lon for line in shown.lines for lon in line.lons.tolist()] == left


def test_what_lies_in_a_withheld_area_for_the_most_part_is_withheld() -> None:
    parts = [
        Area(f"w{at}", {"building": "yes"}, box(west, 43.02, west + 0.02, 43.04))
        for at, west in enumerate((114.02, 114.085, 114.095))
    ]
    spots = [
        Spot(f"n{at}", {"amenity": "fuel"}, 43.05, lon) for at, lon in enumerate((114.05, 114.2))
    ]
    shown = pass_gate(Extract(BOUNDS, (), (CLOSED, *parts), tuple(spots)))
    assert [area.osm_id for area in shown.areas] == ["w2"]
    assert [spot.osm_id for spot in shown.spots] == ["n1"]


@pytest.mark.parametrize(
    ("tags", "withheld"),
    [
        ({"military": "range"}, True),
        ({"landuse": "military"}, True),
        ({"disused:military": "bunker"}, True),
        ({"access": "military", "highway": "service"}, True),
        ({"military:conflict": "yes"}, True),
        ({"aeroway": "aerodrome", "aerodrome:type": "public; military"}, True),
        ({"aeroway": "aerodrome", "aerodrome:type": "military/public"}, True),
        ({"building": "bunker"}, True),
        ({"building": "barracks"}, True),
        ({"amenity": "parking", "name": "西山军事管理区停车场"}, True),
        ({"place": "locality", "name:zh": "某军用机场"}, True),
        ({"Military": "base"}, True),
        ({"landuse": "Military"}, True),
        ({"landuse": "industrial; ＭＩＬＩＴＡＲＹ"}, True),
        ({"razed:military": "base"}, True),
        ({"historic:military": "base"}, True),
        ({"area:military": "yes"}, True),
        ({"military:type": "x"}, True),
        ({"landuse:military": "yes"}, True),
        ({"seamark:type": "military_area"}, True),
        ({"seamark:restricted_area:category": "military"}, True),
        ({"hazard": "military"}, True),
        ({"industrial": "military"}, True),
        ({"ownership": "military"}, True),
        ({"operator": "中国人民解放军"}, True),
        ({"owner": "武警黑龙江总队"}, True),
        ({"operator:en": "People's Liberation Army"}, True),
        ({"operator": "中国人民海军"}, True),
        ({"owner": "空军某部"}, True),
        ({"operator": "PLA Navy"}, True),
        ({"operator": "市公共交通集团"}, False),
        ({"owner": "李海军"}, False),
        ({"operator": "City Plan Office"}, False),
        ({"alt_name": "军事管理区"}, True),
        ({"old_name:zh": "某军事基地"}, True),
        ({"name": "军事区"}, True),
        ({"name": "军营"}, True),
        ({"name": "某兵营"}, True),
        ({"name": "某部队家属院"}, True),
        ({"name": "部队火锅"}, False),
        ({"name": "部队街"}, False),
        ({"landuse": "military_zone"}, True),
        ({"landuse": "军事用地"}, True),
        ({"shop": "military_surplus"}, False),
        ({"operator:type": "army"}, True),
        ({"name": "某某军分区"}, True),
        ({"office": "government", "name": "某某省军区"}, True),
        ({"name": "某某军区大院"}, True),
        ({"name": "某某警备区"}, True),
        ({"name": "北部战区某训练场"}, True),
        ({"name": "某某海军基地"}, True),
        ({"man_made": "storage", "name": "某某弹药库"}, True),
        ({"amenity": "hospital", "name": "某某军区总医院"}, False),
        ({"highway": "residential", "name": "军区街"}, False),
        ({"landuse": "military area"}, True),
        ({"name": "武警某支队"}, True),
        ({"name": "解放军某部队"}, True),
        ({"name": "某舰队司令部"}, True),
        ({"name": "71282部队"}, True),
        ({"name": "７１２８２部队"}, True),
        ({"name:en": "Military area"}, True),
        ({"place": "village", "name": "军营村"}, False),
        ({"highway": "residential", "name": "军分区路"}, False),
        ({"highway": "primary", "name": "解放军路"}, False),
        ({"boundary": "administrative", "admin_level": "3;5"}, True),
        ({"boundary": "administrative", "admin_level": " 2"}, True),
        ({"boundary": "administrative", "admin_level": "２"}, True),
        ({"Boundary": "administrative", "admin_level": "4"}, True),
        ({"boundary": "administrative", "admin_level": "5;6"}, False),
        ({"tourism": "museum", "name": "军事博物馆"}, False),
        ({"tourism": "museum", "name:en": "Military Museum"}, False),
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


@pytest.mark.parametrize(
    "name",
    [
        *("靶场", "陆军靶场", "导弹阵地", "某导弹旅", "营房", "东山营房", "军港", "威海军港"),
        *("空军机场", "海军码头", "空军大院", "火箭军某基地", "解放军某仓库", "武警某训练基地"),
        *("边防哨所", "边防连", "雷达连", "炮兵团", "坦克训练场", "军械库"),
        *("Army Base", "Naval Base", "Air Force", "Army Barracks", "Missile Base", "Firing range"),
    ],
)
def test_a_name_of_a_military_installation_is_withheld(name: str) -> None:
    assert is_withheld({"name": name})


@pytest.mark.parametrize(
    "name",
    [
        # Called after it, or after people and deeds.
        *("军城", "将军路", "八一公园", "海军路", "空军机场路", "解放军路", "解放大道", "军港小区"),
        *("靶场东路", "靶场社区", "营房村", "营房西街", "军港路", "海军公园", "坦克主题餐厅"),
        *("Air Force Road", "Barracks Road", "Army Base Road", "Old Navy", "Salvation Army"),
        # Hospitals, museums and cemeteries are open to all, and so is sport.
        *("解放军总医院", "武警医院", "海军总医院", "Air Force Hospital", "空军博物馆"),
        "Former site of the Air Force department of an institute",
        *("解放军烈士陵园", "高尔夫靶场", "射击靶场", "靶场射击俱乐部"),
        # Words of two sides that happen to meet, and people of that name.
        *("珠海防洪指挥部", "上海防汛物资仓库", "上海军工路码头", "移动通信营业厅", "雷达营销中心"),
        *("李海军诊所", "海军饭店", "边防检查站"),
    ],
)
def test_a_civil_name_that_sounds_military_stays(name: str) -> None:
    assert not is_withheld({"name": name})


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=4), st.text(max_size=5))
def test_a_military_key_withholds_whatever_else_is_tagged(tags: dict[str, str], value: str) -> None:
    assert is_withheld({**tags, "military": value})
