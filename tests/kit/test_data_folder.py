import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kit.servers import DataFolder
from kit.servers.errors import FolderForbidden, FolderInUse

_HOLD = """
import sys
from pathlib import Path
from kit.servers import DataFolder
with DataFolder(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold_elsewhere(path: Path) -> subprocess.Popen[str]:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_folder_held_by_another_process_is_refused_naming_it(tmp_path: Path) -> None:
    holder = hold_elsewhere(tmp_path)
    try:
        with pytest.raises(FolderInUse) as refusal:
            DataFolder(tmp_path).lock()
        assert str(refusal.value) == (
            f"The data folder {tmp_path} is in use by process {holder.pid}; stop that one first,"
            " or choose another folder with GONGCHE_DATA_DIR."
        )
    finally:
        holder.kill()
        holder.wait()


def test_a_killed_holder_keeps_nobody_out(tmp_path: Path) -> None:
    holder = hold_elsewhere(tmp_path)
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with DataFolder(tmp_path):
        pass


def test_two_holders_in_one_process_exclude_each_other(tmp_path: Path) -> None:
    with DataFolder(tmp_path), pytest.raises(FolderInUse):
        DataFolder(tmp_path).lock()
    DataFolder(tmp_path).lock()


def test_a_new_folder_lets_nobody_list_it(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "a" / "b") as folder:
        mode = stat.S_IMODE(folder.path.stat().st_mode)
    assert mode == (0o711 if os.geteuid() == 0 else 0o700)


def test_an_existing_folder_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "mine"
    path.mkdir()
    path.chmod(0o750)
    with DataFolder(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o750


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderForbidden, match="cannot be written by this account"):
        DataFolder(tmp_path / "file" / "data").lock()


def test_a_small_file_is_closed_and_read_back(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    assert folder.read("word") is None
    folder.write("word", "one")
    folder.write("word", "二")
    assert folder.read("word") == "二"
    assert stat.S_IMODE((tmp_path / "word").stat().st_mode) == 0o600
