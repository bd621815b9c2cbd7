"""A map that is imported while somebody reads takes effect; a broken one does not."""

from pathlib import Path
from shutil import copytree

import pytest

from dispatch.roads.errors import MapCheckFailed
from dispatch.roads.in_use import MapInUse
from dispatch.roads.network import NETWORK_FILE
from dispatch.roads.place_search.in_use import PlacesInUse
from dispatch.roads.versions import MANIFEST_FILE, MapVersion, current_version, publish


def put_into_use(version: MapVersion, maps_dir: Path, *, broken: str | None = None) -> str:
    """Publish a copy of a version, with one file cut in half if asked for; return its name."""
    maps_dir.mkdir(exist_ok=True)
    built = copytree(version.folder, maps_dir / ".importing")
    if broken is not None:
        whole = (built / broken).read_bytes()
        (built / broken).write_bytes(whole[: len(whole) // 2])
    return publish(built, maps_dir, version.manifest.source_sha256).name


def test_the_first_map_takes_effect_without_a_restart(version: MapVersion, tmp_path: Path) -> None:
    in_use = MapInUse(tmp_path / "maps")
    assert in_use.travel_times().label == "straight_line"
    assert in_use.travel_times().map_version is None
    name = put_into_use(version, tmp_path / "maps")
    assert in_use.travel_times().label == "roads"
    assert in_use.travel_times().map_version == name


def test_roads_are_read_again_only_when_another_map_is_in_use(
    version: MapVersion, tmp_path: Path
) -> None:
    put_into_use(version, tmp_path)
    in_use = MapInUse(tmp_path)
    first = in_use.travel_times()
    assert in_use.travel_times() is first
    put_into_use(version, tmp_path)
    second = in_use.travel_times()
    assert second is not first
    assert in_use.travel_times() is second


@pytest.mark.parametrize("file", [NETWORK_FILE, MANIFEST_FILE])
def test_a_broken_new_map_leaves_the_old_one_until_a_whole_one_comes(
    version: MapVersion, tmp_path: Path, file: str, caplog: pytest.LogCaptureFixture
) -> None:
    put_into_use(version, tmp_path)
    in_use = MapInUse(tmp_path)
    old = in_use.travel_times()
    broken = put_into_use(version, tmp_path, broken=file)
    assert in_use.travel_times() is old
    assert in_use.travel_times() is old
    assert [record.__dict__["map"] for record in caplog.records] == [broken]
    put_into_use(version, tmp_path)
    assert in_use.travel_times() is not old


def point_at(maps_dir: Path, name: str) -> None:
    (maps_dir / "current").unlink()
    (maps_dir / "current").symlink_to(name)


@pytest.mark.parametrize("there", [False, True])
def test_a_pointer_to_a_missing_or_an_empty_version_throws_no_map_away(
    version: MapVersion, tmp_path: Path, caplog: pytest.LogCaptureFixture, *, there: bool
) -> None:
    name = put_into_use(version, tmp_path)
    in_use, places = MapInUse(tmp_path), PlacesInUse(tmp_path)
    old, named = in_use.travel_times(), places.things()
    assert named is not None
    assert named.version == name
    if there:
        (tmp_path / "0099-deadbeef").mkdir()
    point_at(tmp_path, "0099-deadbeef")
    assert in_use.travel_times() is old
    assert old.map_version == name
    assert places.things() is named
    if not there:
        with pytest.raises(MapCheckFailed, match="0099-deadbeef, which isn't there"):
            current_version(tmp_path)
    caplog.clear()
    fallen_back = MapInUse(tmp_path).travel_times()
    assert (fallen_back.label, fallen_back.map_version) == ("roads", name)
    assert [record.__dict__["map"] for record in caplog.records] == ["0099-deadbeef", name]
    found = PlacesInUse(tmp_path).things()
    assert found is not None
    assert found.version == name


def test_without_a_readable_version_one_starts_with_straight_lines(tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to("0099-deadbeef")
    assert MapInUse(tmp_path).travel_times().label == "straight_line"
    assert PlacesInUse(tmp_path).things() is None
