"""Each process of ours looks at its database before it opens a door."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.system import ROOT, free_port
from tests.support.upped import environment


@pytest.mark.parametrize("name", ["gateway", "api", "worker"])
def test_a_process_whose_database_is_away_says_so_in_one_sentence_and_ends(
    name: str, tmp_path: Path
) -> None:
    told = {
        "GONGCHE_DATABASE_URL": f"postgresql://me:secret@127.0.0.1:{free_port()}/gongche",
        "GONGCHE_REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
    }
    end = subprocess.run(
        [sys.executable, "-m", "gateway.cli", name],
        cwd=ROOT,
        env=environment(tmp_path, told),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert end.returncode == 1
    assert end.stderr == "gongche: The database at GONGCHE_DATABASE_URL cannot be reached.\n"
