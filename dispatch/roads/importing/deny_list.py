"""What the operator withholds beyond the law: a list of its own beside the maps.

maps_dir/withheld.txt, UTF-8, one entry a line; `#` begins a remark:

    w123456          an object by its number: n a node, w a way, r a relation
    某某训练基地       every object that has this text in any tag
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from dispatch.roads.errors import DenyListUnreadable
from dispatch.roads.importing.access_rules import Tags

DENY_FILE = "withheld.txt"
_NUMBERED = re.compile(r"[nwr][0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class DenyList:
    """Objects by number, and texts that no shown object may carry in a tag."""

    numbers: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()

    def denies(self, osm_id: str, tags: Tags) -> bool:
        """Whether an object is withheld by this list."""
        if osm_id in self.numbers:
            return True
        return any(text in value.casefold() for text in self.texts for value in tags.values())


NOTHING_DENIED = DenyList()


def read_deny_list(maps_dir: Path) -> DenyList:
    """The operator's list; an empty one where there is no file.

    Raises DenyListUnreadable: a list that can't be read must not be taken for an empty one.
    """
    try:
        text = (maps_dir / DENY_FILE).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return NOTHING_DENIED
    except (OSError, UnicodeDecodeError) as problem:
        raise DenyListUnreadable(
            f"The list of withheld objects {DENY_FILE} can't be read as UTF-8 text ({problem})."
        ) from problem
    entries = {line.partition("#")[0].strip() for line in text.splitlines()} - {""}
    numbers = {entry for entry in entries if _NUMBERED.fullmatch(entry)}
    return DenyList(
        frozenset(numbers), tuple(sorted(entry.casefold() for entry in entries - numbers))
    )
