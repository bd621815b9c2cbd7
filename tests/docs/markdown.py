"""What a Markdown page of this project holds, as far as its tests need to know."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def pages() -> list[Path]:
    """Return the pages that people read: those at the top and below docs/."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def code(text: str, language: str) -> Iterator[str]:
    """Yield the code blocks of one language."""
    return (found[2] for found in _FENCE.finditer(text) if found[1] == language)


def links(text: str) -> Iterator[str]:
    """Yield the targets of all links and images outside of code blocks."""
    return (found[1] for found in _LINK.finditer(_FENCE.sub("", text)))


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    return {_anchor(found[1]) for found in _HEADING.finditer(_FENCE.sub("", text))}


def _anchor(heading: str) -> str:
    kept = (c for c in heading.lower() if c in "- _" or unicodedata.category(c)[0] in "LNM")
    return "".join(kept).replace(" ", "-")
