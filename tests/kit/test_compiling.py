"""Compiled code is kept apart by kernel and by sources."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from kit.compiling import compiler_of

SOURCE = """
from pathlib import Path
from kit.compiling import compiler_of
compiled = compiler_of(Path(__file__).parent, "adding")

@compiled
def add(number):
    return number + {more}
"""


def loaded(folder: Path, more: int) -> ModuleType:
    source = folder / "adding.py"
    source.write_text(SOURCE.format(more=more))
    spec = importlib.util.spec_from_file_location("adding", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_compiled_is_kept_under_its_sources(tmp_path: Path) -> None:
    assert loaded(tmp_path, more=1).add(1) == 2
    first = set(tmp_path.rglob("gongche-adding-*"))
    assert len(first) == 1
    assert any(kept.suffix == ".nbc" for kept in tmp_path.rglob("*"))
    # As another kernel's code is kept elsewhere, this one's is kept where it belongs.
    compiler_of(Path(__file__).parent, "other")
    # Of another length: Python takes a file of the same second and length for the one it knows.
    assert loaded(tmp_path, more=22).add(1) == 23
    assert len(set(tmp_path.rglob("gongche-adding-*"))) == 2


def test_where_nothing_can_be_kept_each_process_compiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "__pycache__").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "__pycache__" / "below"))
    assert loaded(tmp_path, more=1).add(1) == 2
