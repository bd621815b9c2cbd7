"""What lies inside withheld grounds is withheld, whatever they are tagged by and however broken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from dispatch.roads.importing.deny_list import DenyList
from dispatch.roads.importing.extract import Extract
from dispatch.roads.importing.reading import read_extract
from dispatch.roads.importing.withheld import pass_gate
from tests.dispatch.roads.osm_text import Member, OsmFile

# A square of 200 m with a fuel station, a lane and a hall in it; a street and a shop lie outside.
WHERE = {
    **{1: (43.300, 114.600), 2: (43.300, 114.602), 3: (43.302, 114.602), 4: (43.302, 114.600)},
    **{5: (43.3010, 114.6012), 6: (43.3004, 114.6014), 7: (43.3007, 114.6016)},
    **{11: (43.3014, 114.6012), 12: (43.3014, 114.6014), 13: (43.3015, 114.6014)},
    **{21: (43.310, 114.600), 22: (43.310, 114.610), 23: (43.309, 114.605)},
}
NODES = {5: {"amenity": "fuel"}, 23: {"shop": "bakery"}}
LANE, HALL, STREET, OUTLINE, OTHER = 67, 111, 212, 500, 501
PLAIN = {"highway": ""}
ABSENT = 999


def drawn(outline: list[int], tags: dict[str, str], other: list[int] | None = None) -> OsmFile:
    ways: dict[int, Sequence[int]] = {
        LANE: [6, 7],
        HALL: [11, 12, 13, 11],
        STREET: [21, 22],
        OUTLINE: outline,
    }
    tags_of = {HALL: {**PLAIN, "building": "yes"}, OUTLINE: {**PLAIN, **tags}}
    if other is not None:
        ways[OTHER], tags_of[OTHER] = other, PLAIN
    return OsmFile(WHERE, ways, tags_of, NODES)


def shown(file: OsmFile, path: Path, denied: DenyList | None = None) -> tuple[Extract, Extract]:
    """What is read, and what of it passes the gate."""
    denied = denied or DenyList()
    read = read_extract(file.write(path / "ground.osm"), denied)
    return read, pass_gate(read, denied)


def assert_all_inside_is_withheld(passed: Extract) -> None:
    assert [line.way_id for line in passed.lines] == [STREET]
    assert passed.areas == ()
    assert [spot.osm_id for spot in passed.spots] == ["n23"]


@pytest.mark.parametrize(
    "outline", [[1, 3, 2, 4, 1], [1, 2, 3, ABSENT, 4, 1], [1, 2, 3, 4]], ids=["bow", "cut", "open"]
)
@pytest.mark.parametrize("tags", [{"landuse": "military"}, {"hazard": "Military"}])
def test_a_broken_outline_withholds_its_hull(
    outline: list[int], tags: dict[str, str], tmp_path: Path
) -> None:
    read, passed = shown(drawn(outline, tags), tmp_path)
    assert read.unclosed_grounds == 1
    assert_all_inside_is_withheld(passed)


WHOLE: list[Member] = [("way", OUTLINE, "outer"), ("way", OTHER, "outer")]
LACKING: list[Member] = [*WHOLE, ("way", ABSENT, "outer")]


@pytest.mark.parametrize(
    ("kind", "members", "unclosed"),
    [
        ("multipolygon", WHOLE, 0),
        ("multipolygon", LACKING, 1),
        ("boundary", LACKING, 1),
        ("site", [("way", OUTLINE, ""), ("node", 4, "")], 1),
        ("site", [("relation", 2, "")], 1),
    ],
)
def test_a_withheld_relation_withholds_its_members_and_what_lies_between(
    kind: str, members: list[Member], unclosed: int, tmp_path: Path
) -> None:
    file = drawn([1, 2, 3], {}, [3, 4, 1])
    file.relations.append(({"type": kind, "military": "base"}, members))
    file.relations.append(({"type": "site"}, LACKING))
    read, passed = shown(file, tmp_path)
    assert read.unclosed_grounds == unclosed
    assert_all_inside_is_withheld(passed)


@pytest.mark.parametrize(
    "tags",
    [
        {"hazard": "military"},
        {"owner": "解放军"},
        {"Military": "base"},
        {"removed:military": "base"},
        {"alt_name:zh": "军事区"},
        {"seamark:type": "military_area"},
    ],
)
def test_a_closed_outline_is_an_area_by_whatever_tag_withholds_it(
    tags: dict[str, str], tmp_path: Path
) -> None:
    read, passed = shown(drawn([1, 2, 3, 4, 1], tags), tmp_path)
    assert read.unclosed_grounds == 0
    assert_all_inside_is_withheld(passed)


@pytest.mark.parametrize("outline", [[1, 2, 3, 4, 1], [1, 2, 3, 4]])
@pytest.mark.parametrize(
    "denied", [DenyList(frozenset({f"w{OUTLINE}"})), DenyList(frozenset(), ("北山",))]
)
def test_a_listed_ground_is_closed_too(
    outline: list[int], denied: DenyList, tmp_path: Path
) -> None:
    read, passed = shown(drawn(outline, {"note": "北山仓库"}), tmp_path, denied)
    assert_all_inside_is_withheld(passed)
    assert denied.without_a_match(read.matched_entries) == []


def test_a_line_or_a_route_that_is_withheld_encloses_nothing(tmp_path: Path) -> None:
    file = drawn([1, 2, 3, 4], {"highway": "service", "access": "military"})
    file.relations.append(({"type": "route", "operator": "军用"}, [("way", STREET, "")]))
    file.relations.append(({"type": "route", "military": "yes"}, [("way", OUTLINE, "")]))
    read, passed = shown(file, tmp_path)
    assert read.unclosed_grounds == 0
    assert [line.way_id for line in passed.lines] == [LANE, STREET]
    assert [spot.osm_id for spot in passed.spots] == ["n5", "n23"]


@pytest.mark.parametrize("kind", ["multipolygon", "boundary"])
@pytest.mark.parametrize("role", ["outer", ""])
def test_a_way_of_an_outline_tells_what_the_whole_outline_is(
    kind: str, role: str, tmp_path: Path
) -> None:
    file = drawn([1, 2, 3], {"landuse": "military"}, [3, 4, 1])
    file.relations.append(({"type": kind}, [("way", OTHER, role), ("way", OUTLINE, role)]))
    _, passed = shown(file, tmp_path)
    assert_all_inside_is_withheld(passed)


def test_a_lake_on_a_ground_tells_nothing_of_what_is_round_it(tmp_path: Path) -> None:
    file = drawn([11, 12, 13, 11], {"landuse": "military"}, [1, 2, 3, 4, 1])
    members: list[Member] = [("way", OTHER, "outer"), ("way", OUTLINE, "inner")]
    file.relations.append(({"type": "multipolygon"}, members))
    _, passed = shown(file, tmp_path)
    assert [line.way_id for line in passed.lines] == [LANE, STREET]


def test_grounds_of_which_nothing_is_known_are_counted(tmp_path: Path) -> None:
    file = drawn([1, 2, 3], {})
    file.relations.append(({"type": "boundary", "military": "base"}, [("way", ABSENT, "outer")]))
    read, passed = shown(file, tmp_path)
    assert read.unclosed_grounds == 1
    assert [line.way_id for line in passed.lines] == [LANE, STREET]
