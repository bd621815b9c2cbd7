"""How full a disk is, whether the folder on it stands yet or not."""

from pathlib import Path

import pytest

from kit.disk import Disk, disk_of


def test_a_folder_that_is_not_made_yet_has_the_disk_of_the_one_above(tmp_path: Path) -> None:
    below, above = disk_of(tmp_path / "not" / "yet"), disk_of(tmp_path)
    assert below.size == above.size
    assert 0 < below.free <= below.size


@pytest.mark.parametrize(("free", "size", "share"), [(1, 4, 0.25), (0, 4, 0.0), (0, 0, 0.0)])
def test_the_free_share_lies_between_none_and_all(free: int, size: int, share: float) -> None:
    assert Disk(free, size).free_share == share
