"""Whatever dispatch refuses is told in Chinese, and in English by the same words of the page."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import dispatch
from kit.errors import DomainError

PAGES = Path(__file__).parents[2] / "web/src"
UNTOLD = {"override-needs-reason"}
"""Its objections are told instead, each in its own sentence."""


def refusals() -> list[str]:
    """The types of problems that dispatch answers with; those of the kernel reach no page."""
    for module in pkgutil.walk_packages(dispatch.__path__, "dispatch."):
        importlib.import_module(module.name)
    found = {
        one.problem_type()
        for one in below(DomainError)
        if one.__module__.startswith("dispatch.")
        and not one.__module__.startswith("dispatch.sharing.")
    }
    return sorted(found - UNTOLD)


def below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_has_words(language: str) -> None:
    files = [*PAGES.rglob(f"{language}.ts"), *PAGES.glob(f"**/{language}/*.ts")]
    told = set(re.findall(r'"error\.([a-z-]+)"', "".join(one.read_text() for one in files)))
    assert "vehicle-busy" in told
    assert [one for one in refusals() if one not in told] == []
