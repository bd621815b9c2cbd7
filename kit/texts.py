"""Texts that people write."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from annotated_types import GroupedMetadata
from pydantic import AfterValidator, StringConstraints


@dataclass(frozen=True, slots=True)
class Written(GroupedMetadata):
    """Bounds a text that somebody wrote: 1 to `most` characters, without spaces around them.

    At least one of them can be seen, so that no reason or purpose looks empty on paper, and none
    turns the writing round, so that all of it reads as it was written.
    """

    most: int

    def __iter__(self) -> Iterator[object]:
        """Yield what it stands for."""
        yield from StringConstraints(strip_whitespace=True, min_length=1, max_length=self.most)
        yield AfterValidator(_can_be_seen)


# Letters that are drawn as nothing: the fillers of Hangul, and Braille without a dot.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# What embeds, overrides or isolates a direction (Unicode annex 9, table 4).
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _can_be_seen(text: str) -> str:
    if not _TURNING.isdisjoint(text):
        raise ValueError("it must not turn the direction of writing")
    # Marks need something to stand on; separators, controls and formats aren't drawn.
    if all(one in _BLANK or unicodedata.category(one)[0] in "CMZ" for one in text):
        raise ValueError("nothing of it can be seen")
    return text
