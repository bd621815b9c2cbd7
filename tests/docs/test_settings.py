""".env.example tells the truth about the settings, both ways."""

import re
from itertools import pairwise

import pytest

from kit.settings import Settings
from tests.docs.markdown import ROOT

_LINE = re.compile(r"^(# )?(GONGCHE_[A-Z0-9_]+)=(.*)$", re.MULTILINE)
_TEXT = (ROOT / ".env.example").read_text(encoding="utf-8")


def _names() -> dict[str, str | None]:
    """Return each setting of the file with its default; None where it has none."""
    return {name: None if hidden else value for hidden, name, value in _LINE.findall(_TEXT)}


def test_the_file_lists_every_setting_and_no_other() -> None:
    assert set(_names()) == {f"GONGCHE_{name.upper()}" for name in Settings.model_fields}


def test_the_values_of_the_file_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _names():
        monkeypatch.delenv(name, raising=False)
    defaults = Settings()
    for name, value in _names().items():
        if value is not None:
            monkeypatch.setenv(name, value)
    assert Settings() == defaults
    assert set(Settings().model_fields_set) == {
        name.removeprefix("GONGCHE_").lower() for name, value in _names().items() if value
    }


def test_a_setting_without_a_default_is_commented_out() -> None:
    fields = Settings.model_fields
    without = {f"GONGCHE_{name.upper()}" for name, f in fields.items() if f.default is None}
    assert {name for name, value in _names().items() if value is None} == without


def test_every_setting_has_its_meaning_in_the_line_above() -> None:
    lines = _TEXT.splitlines()
    for above, line in pairwise(lines):
        if _LINE.match(line):
            assert re.match(r"# [A-Z]", above), line
            assert not _LINE.match(above), line
