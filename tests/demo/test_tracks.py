"""Recorded tracks: read where they are whole, refused with a sentence where not."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.replay import replay
from demo.tracks import BadTrack, read_track
from tests.demo.platform import SmallPlatform

GPX = """<?xml version="1.0"?>
<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1"><trk><trkseg>
<trkpt lat="43.3000" lon="114.6000"><time>2026-03-02T01:00:00Z</time><speed>10</speed></trkpt>
<trkpt lat="43.3010" lon="114.6000"><time>2026-03-02T01:00:10Z</time></trkpt>
</trkseg></trk></gpx>"""
CSV = "time,lat,lon,speed\n2026-03-02T09:00:00+08:00,43.3,114.6,36\n"


def test_gpx_and_csv_tell_the_same_point(tmp_path: Path) -> None:
    (tmp_path / "a.gpx").write_text(GPX)
    (tmp_path / "a.csv").write_text(CSV)
    first = read_track(tmp_path / "a.gpx")[0]
    assert first == read_track(tmp_path / "a.csv")[0]
    assert first.time == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert read_track(tmp_path / "a.gpx")[1].speed_kmh is None


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.txt", "", "neither a .gpx nor a .csv"),
        ("a.csv", "time,lat\n", "has no column lon"),
        ("a.csv", "time,lat,lon\n", "no point with a time"),
        ("a.csv", "time,lat,lon\nnoon,1,2\n", "no RFC 3339 time: 'noon'"),
        ("a.csv", "time,lat,lon\n2026-03-02T09:00:00,1,2\n", "has no offset"),
        ("a.csv", "time,lat,lon\n2026-03-02T09:00:00Z,91,2\n", "latitude of line 2 is not"),
        ("a.csv", "time,lat,lon\n2026-03-02T09:00:00Z,nan,2\n", "latitude of line 2 is not"),
        ("a.gpx", "<gpx><trk>", "not well-formed XML"),
        ("a.gpx", '<!DOCTYPE a [<!ENTITY b "c">]><gpx/>', "declares XML entities"),
        ("a.gpx", GPX.replace("01:00:00Z", "whenever"), "The time of track point 1"),
        ("b.gpx", "<gpx/>", "no point with a time"),
    ],
)
def test_what_is_no_track_is_said_in_a_sentence(
    tmp_path: Path, name: str, text: str, sentence: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BadTrack, match=sentence) as refused:
        read_track(tmp_path / name)
    assert str(refused.value).endswith(".")


def test_a_missing_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadTrack, match="can't be read: No such file"):
        read_track(tmp_path / "none.csv")


@pytest.mark.parametrize("keep_times", [True, False])
async def test_a_replay_is_acknowledged_to_the_last_position(
    tmp_path: Path, keep_times: bool
) -> None:
    (tmp_path / "a.gpx").write_text(GPX)
    platform = SmallPlatform()
    await platform.open()
    async with asyncio.timeout(20):
        sent = await replay(
            tmp_path / "a.gpx",
            "127.0.0.1",
            platform.port,
            "13900000001",
            lambda line: None,
            speed=100.0,
            keep_times=keep_times,
        )
    platform.shut()
    assert sent == len(platform.received) == 2
    recorded = datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert (platform.received[0].time == recorded) is keep_times
    assert platform.received[0].speed_kmh == 36
    assert platform.received[1].odometer_m == 100
