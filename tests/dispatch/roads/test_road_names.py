"""Names are kept as they were mapped, whatever somebody has typed into one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.roads.errors import MapCheckFailed
from dispatch.roads.importing.checking import check_version
from dispatch.roads.names import in_one_line
from dispatch.roads.road_names import ROAD_NAMES_FILE, RoadNames
from dispatch.roads.versions import MapVersion
from tests.dispatch.roads.hand_made import line

WHERE = {1: (43.30, 114.60), 2: (43.30, 114.61)}


@given(names=st.lists(st.text(max_size=6), max_size=5))
def test_each_road_keeps_its_own_name(
    names: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("names")
    lines = [line(way, [1, 2], WHERE, name=name) for way, name in enumerate(names)]
    RoadNames.of(lines, np.arange(len(names))).save(folder)
    read = RoadNames.load(folder)
    for way, name in enumerate(names):
        assert read.name_of(way) == (in_one_line(name) or None)


def test_a_line_break_in_a_name_is_a_blank() -> None:
    assert in_one_line(" 中山\n路\u2028\x00（北\t段） ") == "中山 路 （北 段）"


def test_names_that_do_not_fit_their_ways_are_refused(version: MapVersion, tmp_path: Path) -> None:
    for file in version.folder.iterdir():
        (tmp_path / file.name).symlink_to(file)
    check_version(tmp_path)
    whole = RoadNames.load(version.folder)
    (tmp_path / ROAD_NAMES_FILE).unlink()
    RoadNames(whole.way_id, whole.which + 1, whole.names).save(tmp_path)
    with pytest.raises(MapCheckFailed, match="road names don't fit their ways"):
        check_version(tmp_path)


def test_names_of_an_earlier_map_are_left_out(tmp_path: Path) -> None:
    np.savez_compressed(
        tmp_path / ROAD_NAMES_FILE,
        allow_pickle=False,
        way_id=np.array([7]),
        which=np.array([0]),
        names=np.frombuffer("中山路".encode(), dtype=np.uint8),
    )
    assert RoadNames.load(tmp_path).name_of(7) is None
