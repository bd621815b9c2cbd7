"""Every page leads somewhere: links name files and headings that exist."""

from pathlib import Path

import pytest

from tests.docs.markdown import ROOT, anchors, links, pages


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_resolves(page: Path) -> None:
    broken = [target for target in links(page.read_text(encoding="utf-8")) if _broken(page, target)]
    assert broken == []


def test_every_decision_is_listed_and_every_page_is_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        named = (_file(page, target) for target in links(page.read_text(encoding="utf-8")))
        waiting += [one for one in named if one and one.suffix == ".md" and one not in reached]
    assert set(pages()) - reached == set()


def _file(page: Path, target: str) -> Path | None:
    """Return the file that a target names; None for an address elsewhere."""
    if "://" in target:
        return None
    name = target.partition("#")[0]
    return (page.parent / name).resolve() if name else page


def _broken(page: Path, target: str) -> bool:
    file = _file(page, target)
    if file is None:
        return False
    anchor = target.partition("#")[2]
    return not file.exists() or (
        bool(anchor) and anchor not in anchors(file.read_text(encoding="utf-8"))
    )
