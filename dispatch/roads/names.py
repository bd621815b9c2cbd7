"""A name as it may stand on a map: whoever mapped it may have typed anything into it."""

import unicodedata

_BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, halves of a pair, and what separates lines (Unicode, General_Category)."""


def in_one_line(name: str) -> str:
    """The name without control characters and line breaks; each counts as a blank."""
    shown = (" " if unicodedata.category(sign) in _BREAKING else sign for sign in name)
    return " ".join("".join(shown).split())
