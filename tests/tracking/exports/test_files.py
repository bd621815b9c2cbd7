"""Each kind of file holds every point in order, whatever the pages, and says what it is."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.sittings.words import LookingPurpose
from tracking.exports.csv_rows import CsvFile
from tracking.exports.geojson import GeoJsonFile
from tracking.exports.gpx import GpxFile
from tracking.exports.heads import Head
from tracking.exports.kml import KmlFile
from tracking.exports.points import Point, TrackFile

START = datetime(2026, 11, 1, tzinfo=UTC)
HEAD = Head(
    plate="示A<&>\x0b1",
    start=START,
    end=START + timedelta(days=1),
    by="=cmd（admin）",
    at=START,
    purpose=LookingPurpose.CASE,
    reference="核〔2026〕1",
)
GPX = {"g": "http://www.topografix.com/GPX/1/1", "o": "urn:gongche:track:1"}
KML = {"k": "http://www.opengis.net/kml/2.2"}


def point(after_s: int, lat: float = 40.0, lon: float = 110.0, **more: object) -> Point:
    told = {"altitude_m": -3, "speed_kmh": 36.5, "course_deg": None, **more}
    return Point(START + timedelta(seconds=after_s), lat, lon, **told)  # type: ignore[arg-type]


def written(file: TrackFile, pages: Sequence[Sequence[Point]]) -> str:
    return file.begin() + "".join(map(file.add, pages)) + file.end()


points = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 10, 600, 601, 9000]),
        st.floats(-90, 90).map(lambda v: round(v, 6)),
        st.floats(-180, 180).map(lambda v: round(v, 6)),
    ),
    max_size=12,
)
Steps = list[tuple[int, float, float]]


def paged(steps: Steps, cuts: set[int]) -> list[list[Point]]:
    pages: list[list[Point]] = [[]]
    after_s = 0
    for n, (step, lat, lon) in enumerate(steps):
        after_s += step
        if n in cuts and pages[-1]:
            pages.append([])
        pages[-1].append(point(after_s, lat, lon))
    return pages


def of_gpx(text: str) -> tuple[list[tuple[str, float, float]], str | None]:
    root = ElementTree.fromstring(text)
    assert [child.tag.rpartition("}")[2] for child in root] == ["metadata", "trk", "extensions"]
    found = [
        (p.findtext("g:time", "", GPX), float(p.attrib["lat"]), float(p.attrib["lon"]))
        for p in root.iterfind("g:trk/g:trkseg/g:trkpt", GPX)
    ]
    return found, root.findtext("g:extensions/o:positions", None, GPX)


def of_geojson(text: str) -> tuple[list[tuple[str, float, float]], str]:
    told = json.loads(text)
    assert told["type"] == "FeatureCollection"
    found = [
        (f["properties"]["time"], *reversed(f["geometry"]["coordinates"])) for f in told["features"]
    ]
    return found, str(told["positions"])


def of_csv(text: str) -> tuple[list[tuple[str, float, float]], str]:
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:], newline="")))
    found = [(row[0], float(row[2]), float(row[3])) for row in rows[4:-1]]
    return found, rows[-1][0].removeprefix("共 ").removesuffix(" 行")


@pytest.mark.parametrize(
    ("file", "read"), [(GpxFile, of_gpx), (GeoJsonFile, of_geojson), (CsvFile, of_csv)]
)
@given(points, st.sets(st.integers(0, 12)))
def test_every_point_is_in_the_file_once_and_in_order(
    file: Callable[[Head], TrackFile],
    read: Callable[[str], tuple[list[tuple[str, float, float]], str]],
    steps: Steps,
    cuts: set[int],
) -> None:
    pages = paged(steps, cuts)
    found, count = read(written(file(HEAD), pages))
    assert found == [
        (p.time.isoformat().replace("+00:00", "Z"), p.latitude, p.longitude)
        for page in pages
        for p in page
    ]
    assert count == str(len(steps))


@given(points, st.sets(st.integers(0, 12)))
def test_lines_of_kml_draw_every_step_but_silences_once_however_it_is_paged(
    steps: Steps, cuts: set[int]
) -> None:
    root = ElementTree.fromstring(written(KmlFile(HEAD), paged(steps, cuts)))
    drawn: Counter[tuple[str, str]] = Counter()
    places = set()
    for mark in root.iterfind(".//k:Placemark", KML):
        told = mark.findtext(".//k:coordinates", "", KML).split()
        assert mark.find("k:LineString" if len(told) > 1 else "k:Point", KML) is not None
        assert mark.find("k:TimeSpan/k:begin", KML) is not None
        drawn.update(pairwise(told))
        places |= set(told)
    wanted = [f"{lon:.7f},{lat:.7f}" for _, lat, lon in steps]
    unbroken = [
        two for two, (step, _, _) in zip(pairwise(wanted), steps[1:], strict=False) if step <= 600
    ]
    assert drawn == Counter(unbroken)
    assert places == set(wanted)
    assert root.findtext(".//k:Data/k:value", "", KML) == str(len(steps))


def test_a_silence_breaks_the_segment_of_gpx() -> None:
    text = written(GpxFile(HEAD), [[point(0), point(600)], [point(1201)]])
    segments = ElementTree.fromstring(text).iterfind("g:trk/g:trkseg", GPX)
    assert [len(segment) for segment in segments] == [2, 1]


@pytest.mark.parametrize("file", [GpxFile, KmlFile, GeoJsonFile, CsvFile])
def test_every_file_names_its_datum_who_took_it_out_when_and_for_what(
    file: Callable[[Head], TrackFile],
) -> None:
    text = written(file(HEAD), [])
    for word in ("WGS-84", "=cmd（admin）", "2026-11-01 08:00:00", "个案核查 核〔2026〕1"):
        assert word in text, word


def test_no_cell_of_csv_is_computed_and_numbers_stay_numbers() -> None:
    head = Head("=1+1", START, START, "@x", START, LookingPurpose.DISPATCHING, None)
    text = written(CsvFile(head), [[point(0, reasons=("=evil", "stale"))]])
    rows = list(csv.reader(io.StringIO(text[1:], newline="")))
    assert rows[1][0].startswith("'=1+1")
    assert rows[4][4:6] == ["-3", "36.5"]
    assert rows[4][9] == "'=evil stale"


def test_small_angles_are_written_without_an_exponent() -> None:
    text = written(GpxFile(HEAD), [[point(0, 0.00001, -0.000002)]])
    assert 'lat="0.0000100" lon="-0.0000020"' in text
