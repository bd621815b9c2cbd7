"""How a name is written, spoken and abbreviated: the three ways in which people type it.

哈尔滨站 is found by 尔滨, by haerbin, by "er bin zhan" and by hebz. A character with several
readings takes the one of the phrase it stands in, as far as pypinyin's dictionary of phrases goes
(重庆 chongqing, 重要 zhongyao).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from pypinyin import Style, lazy_pinyin


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name without blanks and marks, and its units: a syllable each, or a word of letters.

    `initials` has one string for each unit: the first letter of a syllable, a word of letters whole
    """

    written: str
    syllables: tuple[str, ...]
    initials: tuple[str, ...]


def plain(text: str) -> str:
    """`text` as it is compared: full-width forms narrow, capitals folded, letters and digits only.

    ü is typed as v.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    return "".join(letter for letter in folded if letter.isalnum())


@lru_cache(maxsize=4096)  # chains bear one name many times
def spelling(name: str) -> Spelling:
    """How a name may be typed."""
    written = plain(name)
    syllables: list[str] = []
    initials: list[str] = []
    for spoken, run in _runs(written):
        if spoken:
            readings = lazy_pinyin(run, style=Style.NORMAL)
            syllables += readings
            initials += [reading[:1] for reading in readings]
        else:
            syllables.append(run)
            initials.append(run)
    return Spelling(written, tuple(syllables), tuple(initials))


def _runs(written: str) -> Iterator[tuple[bool, str]]:
    """Stretches of Chinese characters, and of letters and digits."""
    for spoken, letters in groupby(written, key=lambda letter: not letter.isascii()):
        yield spoken, "".join(letters)


def tokens(query: str) -> list[str]:
    """The parts of a query that must all be found: words, cut where characters meet letters."""
    words = [plain(word) for word in query.split()]
    return list(dict.fromkeys(run for word in words for _, run in _runs(word)))
