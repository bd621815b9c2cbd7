"""The image holds what the program needs: all that the Dockerfile copies, and every room."""

import re
import tomllib

from tests.docs.markdown import ROOT

_DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
_COPIED = [
    source
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", _DOCKERFILE, re.MULTILINE)
    for source in sources.split()
]


def test_everything_that_is_copied_exists() -> None:
    assert _COPIED
    assert [source for source in _COPIED if not (ROOT / source).exists()] == []


def test_every_package_of_ours_is_copied() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert set(packages) - set(_COPIED) == set()


def test_what_is_copied_is_sent_to_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sent = tuple(line[1:] for line in lines if line.startswith("!"))
    kept_back = [
        source
        for source in _COPIED
        if not any(source == one or source.startswith(f"{one}/") for one in sent)
    ]
    assert kept_back == []


def test_only_the_lock_file_of_the_running_program_is_installed() -> None:
    assert "pip install --quiet --require-hashes -r /tmp/requirements.lock" in _DOCKERFILE
    assert "requirements-dev.lock" not in _DOCKERFILE


def test_nothing_runs_as_root() -> None:
    last_stage = _DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (\S+)$", last_stage, re.MULTILINE) == ["gongche"]
