"""What the pages tell people to type exists."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from gateway.cli.commands import app
from tests.docs.markdown import ROOT, code, pages

_MAKE = re.compile(r"^make ([a-z ]+?)(?:\s{2,}|\s*#|\s*$)", re.MULTILINE)
_GONGCHE = re.compile(r"\bgongche ((?:[a-z]+ ?)+)")
_UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


def _made(page: Path) -> list[str]:
    blocks = "\n".join(code(page.read_text(encoding="utf-8"), "sh"))
    return [target for found in _MAKE.finditer(blocks) for target in found[1].split()]


def _known(words: str) -> bool:
    """Whether the words begin with a command of ours."""
    node = typer.main.get_command(app)
    for word in words.split():
        children = getattr(node, "commands", None)
        if children is None:
            return True
        if word not in children:
            return False
        node = children[word]
    return not hasattr(node, "commands")


def _typed() -> Iterator[tuple[str, str]]:
    for page in pages():
        for block in code(page.read_text(encoding="utf-8"), "sh"):
            for line in block.splitlines():
                for found in _GONGCHE.finditer(line.partition("#")[0]):
                    yield page.name, found[1].strip()


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_every_make_command_of_a_page_can_be_made(name: str) -> None:
    targets = _made(ROOT / name)
    assert targets
    made = subprocess.run(["make", "-n", *targets], cwd=ROOT, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr


def test_both_readmes_name_the_same_commands() -> None:
    assert _made(ROOT / "README.md") == _made(ROOT / "README.zh-CN.md") == ["demo", "test"]


def test_the_projects_own_check_runs_the_readmes_test_command() -> None:
    assert "exec make test\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_command_of_ours_that_a_page_types_is_known() -> None:
    typed = list(_typed())
    assert typed
    assert [(page, words) for page, words in typed if not _known(words)] == []


@pytest.mark.parametrize("unit", _UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_a_command_of_ours(unit: Path) -> None:
    started = re.search(r"^ExecStart=.*/gongche (.+)$", unit.read_text(encoding="utf-8"), re.M)
    assert started
    assert _known(started[1])
