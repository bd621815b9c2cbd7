"""Places by name: in characters, pinyin and initials, from any syllable on."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.roads.place_search.catalogue import WHERE_FILE, Catalogue, save_catalogue
from dispatch.roads.place_search.index import INDEX_FILES, Match, NameIndex
from dispatch.roads.place_search.spelling import plain, spelling
from dispatch.roads.places import PLACES_FILE, Place, save_places

NAMES = (
    "哈尔滨站",
    "哈尔滨东站",
    "市政府",
    "重庆路小学",
    "绿园宾馆",
    "KFC肯德基(中山路店)",
    "第三医院",
    "医院",
    "中山路",
)
SHORT_NAMES = st.text(alphabet="医院一中山aAb3 重", max_size=6)


def found(query: str, names: tuple[str, ...] = NAMES) -> list[str]:
    """The names that meet a query, best first."""
    match = NameIndex.build(names).find(query, len(names)).tolist()
    best = sorted(range(len(names)), key=lambda at: (match[at], at))
    return [names[at] for at in best if match[at] < 255]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("医院", ["医院", "第三医院"]),
        ("滨东", ["哈尔滨东站"]),
        ("haerbin", ["哈尔滨站", "哈尔滨东站"]),
        ("HAERBIN ZHAN", ["哈尔滨站", "哈尔滨东站"]),
        ("er bin dong", ["哈尔滨东站"]),
        ("hebz", ["哈尔滨站"]),
        ("szf", ["市政府"]),
        ("chongqing", ["重庆路小学"]),
        ("lvyuan", ["绿园宾馆"]),
        ("lüyuan", ["绿园宾馆"]),
        ("kfc", ["KFC肯德基(中山路店)"]),
        ("kfckdj", ["KFC肯德基(中山路店)"]),
        ("中山路 肯德基", ["KFC肯德基(中山路店)"]),
        ("肯德基zhongshan", ["KFC肯德基(中山路店)"]),
        ("zhongshanlu", ["中山路", "KFC肯德基(中山路店)"]),
        ("aerbin", []),
        ("医院 车站", []),
        ("…… ", []),
        ("\x00\ud800", []),
    ],
)
def test_a_place_is_found_as_people_type_it(query: str, names: list[str]) -> None:
    assert found(query) == names


@given(st.lists(SHORT_NAMES, max_size=8), SHORT_NAMES)
def test_the_index_finds_what_reading_every_name_finds(names: list[str], query: str) -> None:
    part = plain(query)
    if not part or (not part.isascii() and any(letter.isascii() for letter in part)):
        return  # parts that are put together have their own examples
    match = NameIndex.build(names).find(part, len(names)).tolist()
    for name, told in zip(names, match, strict=True):
        assert told == judged(name, part)


def judged(name: str, part: str) -> int:
    """How a part of one kind of letter meets a name, by the definition."""
    spelled = spelling(name)
    kinds = []
    for first, units in zip(
        (Match.WHOLE, Match.WHOLE_PINYIN, Match.WHOLE_INITIALS),
        (tuple(spelled.written), spelled.syllables, spelled.initials),
        strict=True,
    ):
        text = "".join(units)
        kinds += [
            first if at == 0 and text == part else first + (1 if at == 0 else 2)
            for at in range(len(units))
            if "".join(units[at:]).startswith(part)
        ]
    return min(kinds, default=255)


def test_names_alike_in_all_that_is_sorted_are_told_apart() -> None:
    same = "黑龙江省哈尔滨市南岗区"
    assert found(f"{same}二", (f"{same}一", f"{same}二", f"{same}三")) == [f"{same}二"]


def places(*rows: tuple[str, str, float, float]) -> list[Place]:
    return [Place(f"n{at}", *row) for at, row in enumerate(rows)]


TOWN = places(
    ("人民医院", "hospital", 45.70, 126.60),
    ("人民医院", "hospital", 45.80, 126.60),
    ("人民医院", "building", 45.75, 126.60),
    ("城东片区", "suburb", 45.80, 126.61),
    ("人民路", "road", 45.80, 126.62),
)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    save_places(TOWN, tmp_path)
    save_catalogue(TOWN, tmp_path)
    return tmp_path


def test_equal_names_come_by_nearness_or_by_what_they_are(town: Path) -> None:
    catalogue = Catalogue.load(town)
    near, count = catalogue.find("人民医院", (45.79, 126.60), 2)
    assert [hit.place.osm_id for hit in near] == ["n1", "n2"]
    assert near[0].distance_m == pytest.approx(1112, abs=1)
    assert count == 3
    known, _ = catalogue.find("rmyy", None, 9)
    assert [hit.place.osm_id for hit in known] == ["n0", "n1", "n2"]


def test_a_point_is_named_by_what_stands_near_it(town: Path) -> None:
    catalogue = Catalogue.load(town)
    nearest = catalogue.nearest((45.8005, 126.60), 150)
    assert nearest is not None
    assert nearest[0].osm_id == "n1"
    assert nearest[1] == pytest.approx(55.6, abs=0.1)
    assert catalogue.nearest((45.80, 126.62), 150) is None  # a street is no landmark
    assert catalogue.settlement((45.80, 126.60), 5_000) == "城东片区"
    assert catalogue.settlement((46.80, 126.60), 5_000) is None


def test_a_map_imported_before_places_were_searched_is_searched_too(town: Path) -> None:
    for file in (*INDEX_FILES, WHERE_FILE):
        (town / file).unlink()
    hits, _ = Catalogue.load(town).find("cdpq", None, 5)
    assert [hit.place.name for hit in hits] == ["城东片区"]


def test_a_map_without_places_answers_nothing(tmp_path: Path) -> None:
    (tmp_path / PLACES_FILE).write_text("")
    assert Catalogue.load(tmp_path).find("医院", None, 5) == ([], 0)
    save_catalogue([], tmp_path)
    assert Catalogue.load(tmp_path).find("医院", None, 5) == ([], 0)


def test_lines_are_found_whatever_letters_names_hold(tmp_path: Path) -> None:
    odd = places(("😀广场\u2028北", "square", 1.0, 2.0), ("末", "square", 3.0, 4.0))
    save_places(odd, tmp_path)
    save_catalogue(odd, tmp_path)
    catalogue = Catalogue.load(tmp_path)
    assert [catalogue.place(at) for at in range(2)] == odd
