"""What the operator withholds beyond the law: a list of its own beside the maps.

maps_dir/withheld.txt, UTF-8, one entry a line; `#` begins a remark:

    w123456          an object by its number: n a node, w a way, r a relation (way/123456 too)
    某某训练基地       every object that has this text in any tag
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from dispatch.roads.errors import DenyListUnreadable
from dispatch.roads.importing.access_rules import Tags

DENY_FILE = "withheld.txt"
_NUMBERED = re.compile(r"(?:n|node|w|way|r|relation)[/ ]?([0-9]{1,19})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DenyList:
    """Objects by number, and texts that no shown object may carry in a tag."""

    numbers: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()

    def denies(self, osm_id: str, tags: Tags) -> bool:
        """Whether an object is withheld by this list."""
        return bool(self.entries_for(osm_id, tags))

    def entries_for(self, osm_id: str, tags: Tags) -> list[str]:
        """The entries that withhold an object."""
        values = [value.casefold() for value in tags.values()] if self.texts else []
        texts = [text for text in self.texts if any(text in value for value in values)]
        return [osm_id, *texts] if osm_id in self.numbers else texts

    def without_a_match(self, matched: Collection[str]) -> list[str]:
        """The entries that withhold nothing: misspelt, or of another map."""
        return [entry for entry in (*sorted(self.numbers), *self.texts) if entry not in matched]


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
    numbered = {entry: found for entry in entries if (found := _NUMBERED.fullmatch(entry))}
    return DenyList(
        frozenset(f"{entry[0].lower()}{int(found[1])}" for entry, found in numbered.items()),
        tuple(sorted({entry.casefold() for entry in entries - numbered.keys()})),
    )
