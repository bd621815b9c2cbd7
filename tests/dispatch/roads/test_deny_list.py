"""What the operator withholds by a list of its own is in no output either."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.city import City
from dispatch.roads.errors import DenyListUnreadable
from dispatch.roads.importing.deny_list import DENY_FILE, DenyList, read_deny_list
from dispatch.roads.importing.importing import import_map
from dispatch.roads.network import RoadNetwork
from tests.dispatch.roads.test_withheld import every_output


def test_listed_objects_are_in_no_output(city: City, city_file: Path, tmp_path: Path) -> None:
    street = next(way for way in city.ways if way.tags.get("highway") == "tertiary")
    name = street.tags["name"]
    listed = f"\ufeff# 不公开\r\n棠帆宾馆  # 一家宾馆\n\nw{street.way_id}\n{name}\n"
    (tmp_path / DENY_FILE).write_text(listed, encoding="utf-8")
    version = import_map(city_file, tmp_path, lambda line: None)
    outputs = every_output(version)
    assert "棠帆宾馆".encode() not in outputs
    assert name.encode() not in outputs
    assert "澄禾示范城水务管理局".encode() in outputs
    assert street.way_id not in RoadNetwork.load(version.folder).edge_way_id


def test_numbers_and_texts_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / DENY_FILE).write_text("n1\nr22 # area\nWater Works\n#w3\n", encoding="utf-8")
    denied = read_deny_list(tmp_path)
    assert denied == DenyList(frozenset({"n1", "r22"}), ("water works",))
    assert denied.denies("w7", {"operator": "City water works"})
    assert not denied.denies("w1", {"name": "n1"})


@pytest.mark.parametrize("entry", ["w5234", "W5234", "way/5234", "Way 5234", "w/05234"])
def test_a_number_may_be_spelt_as_on_the_map_s_own_pages(entry: str, tmp_path: Path) -> None:
    (tmp_path / DENY_FILE).write_text(f"{entry}\n", encoding="utf-8")
    assert read_deny_list(tmp_path) == DenyList(frozenset({"w5234"}))


def test_entries_that_match_nothing_are_told(city: City, city_file: Path, tmp_path: Path) -> None:
    hotel = "棠帆宾馆"
    (tmp_path / DENY_FILE).write_text(f"{hotel}\nw999999999\n没有这样的地方\n", encoding="utf-8")
    told: list[str] = []
    import_map(city_file, tmp_path, told.append)
    assert [line for line in told if "matches nothing" in line] == [
        "withheld.txt: w999999999 matches nothing in this map",
        "withheld.txt: 没有这样的地方 matches nothing in this map",
    ]


def test_without_a_file_nothing_is_denied(tmp_path: Path) -> None:
    assert read_deny_list(tmp_path) == DenyList()


def test_a_list_that_can_t_be_read_stops_the_import(city_file: Path, tmp_path: Path) -> None:
    (tmp_path / DENY_FILE).write_bytes("某训练基地".encode("gb18030"))
    with pytest.raises(DenyListUnreadable, match="UTF-8"):
        import_map(city_file, tmp_path, lambda line: None)
    assert [path.name for path in tmp_path.iterdir()] == [DENY_FILE]
