"""Real extracts are cut at a box and hold mistakes: what is whole is read all the same."""

from __future__ import annotations

from pathlib import Path

import osmium
import pytest
from shapely.errors import GEOSException

from dispatch.roads.errors import MapFileUnreadable
from dispatch.roads.importing import reading
from dispatch.roads.importing.building import build_network
from dispatch.roads.importing.deny_list import DenyList
from dispatch.roads.importing.extract import Extract
from dispatch.roads.importing.reading import read_extract

CUT_AND_BROKEN = """<?xml version='1.0'?><osm version="0.6">
<node id="1" lat="43.30" lon="114.60" version="1"/>
<node id="2" lat="43.31" lon="114.61" version="1"/>
<node id="3" lat="43.31" lon="114.60" version="1"/>
<node id="4" lat="43.30" lon="114.61" version="1"/>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
<tag k="building" v="yes"/></way>
<way id="2" version="1"><nd ref="1"/><nd ref="99"/><nd ref="3"/><nd ref="1"/>
<tag k="building" v="yes"/></way>
<way id="3" version="1"><nd ref="1"/><nd ref="3"/><nd ref="98"/><nd ref="2"/><nd ref="4"/>
<tag k="highway" v="primary"/></way>
<way id="4" version="1"><nd ref="1"/><nd ref="4"/><nd ref="2"/><nd ref="3"/><nd ref="1"/>
<tag k="leisure" v="park"/></way>
<relation id="1" version="1"><member type="way" ref="77" role="outer"/>
<tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation></osm>"""


@pytest.fixture
def extract(tmp_path: Path) -> Extract:
    (tmp_path / "cut.osm").write_text(CUT_AND_BROKEN, encoding="utf-8")
    return read_extract(tmp_path / "cut.osm")


def test_outlines_that_are_no_areas_are_left_out(extract: Extract) -> None:
    assert [area.osm_id for area in extract.areas] == ["w4"]


def test_a_road_that_lacks_a_node_falls_in_two(extract: Extract) -> None:
    assert [line.node_ids for line in extract.lines] == [(1, 3), (2, 4)]
    network = build_network(extract.lines)
    assert network.edge_count == 4
    assert not network.strong_nodes.all()


NODES = """<node id="{0}1" lat="45.0" lon="126" version="1"/>
<node id="{0}2" lat="45.01" lon="126" version="1"/>"""
ROAD = """<way id="{0}3" version="1"><nd ref="{0}1"/><nd ref="{0}2"/>
<tag k="highway" v="primary"/></way>"""


@pytest.mark.parametrize(
    ("first", "then", "sign"), [(ROAD, NODES, ""), (NODES, ROAD, "-"), (NODES, ROAD, "")]
)
def test_a_file_out_of_order_is_told_how_to_be_put_in_order(
    first: str, then: str, sign: str, tmp_path: Path
) -> None:
    file = tmp_path / "order.osm"
    file.write_text(
        f'<?xml version="1.0"?><osm version="0.6">{(first + then).format(sign)}</osm>',
        encoding="utf-8",
    )
    if (first, sign) == (NODES, ""):
        assert [line.node_ids for line in read_extract(file).lines] == [(1, 2)]
        return
    with pytest.raises(MapFileUnreadable, match="osmium sort or osmium renumber"):
        read_extract(file)


@pytest.mark.parametrize(
    "raised",
    [osmium.InvalidLocationError("x"), KeyError("x"), GEOSException("x"), RuntimeError("x")],
)
def test_whatever_a_reader_raises_becomes_a_sentence(
    raised: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cut.osm").write_text(CUT_AND_BROKEN, encoding="utf-8")

    def fail(path: Path, denied: DenyList) -> Extract:
        raise raised

    monkeypatch.setattr(reading, "_read", fail)
    with pytest.raises(MapFileUnreadable, match=r"^cut\.osm can't be read .*\.$"):
        read_extract(tmp_path / "cut.osm")


def test_bounds_are_measured_where_the_file_states_none(extract: Extract) -> None:
    assert extract.bounds.south == pytest.approx(43.30, abs=1e-3)
    assert extract.bounds.east == pytest.approx(114.61, abs=1e-3)
