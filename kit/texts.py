"""Texts that people write."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from annotated_types import GroupedMetadata
from pydantic import AfterValidator, StringConstraints


@dataclass(frozen=True, slots=True)
class Written(GroupedMetadata):
    """Bounds a text that somebody wrote: 1 to `most` characters, without spaces around them.

    At least one of them can be seen, so that no reason or purpose looks empty on paper.
    """

    most: int

    def __iter__(self) -> Iterator[object]:
        """Yield what it stands for."""
        yield from StringConstraints(strip_whitespace=True, min_length=1, max_length=self.most)
        yield AfterValidator(_can_be_seen)


def _can_be_seen(text: str) -> str:
    # Separators and controls, formats such as a zero-width space among them.
    if all(unicodedata.category(character)[0] in "CZ" for character in text):
        raise ValueError("nothing of it can be seen")
    return text
