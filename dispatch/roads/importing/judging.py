"""What tags say of an object that may be shown to nobody: it is military, or a high boundary.

Sources: wiki.openstreetmap.org, pages Key:military, Key:access, Key:aerodrome:type (with
`military/public`), Lifecycle prefix (`disused:military`), Names (`alt_name`, `name:zh`),
Seamarks/Categories of Objects (`military_area`), Tag:boundary=administrative.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from dispatch.roads.importing.access_rules import Tags

PROVINCE_LEVEL = 4
"""admin_level of a province in China (wiki.openstreetmap.org, Tag:boundary=administrative)."""

_MILITARY_BUILDINGS = frozenset({"barracks", "bunker"})
_MILITARY_KINDS = frozenset({"military", "military_area", "military_base", "military_practice"})
_MILITARY_NAMES = re.compile(
    r"军事(?:管理|管制|禁|基地|设施|重地)|军用|营区"
    # What streets, villages and stops are named after is no ground of its own.
    r"|(?:军事区|军营|军分区|舰队司令部|武警.*[支总大中]队|解放军.*部队|\d{5}部队)(?![村路街巷桥站])"
    r"|\bmilitary (?:area|base|zone|camp|district|region)\b"
)
_MILITARY_OWNERS = re.compile(r"解放军|武警|武装警察|军区|部队|liberation army|armed police")
_OWNERS = frozenset({"operator", "owner", "ownership"})
_SEVERAL = re.compile(r"[;/,；，、]")
"""What stands between the values of one tag."""
_NUMBER = re.compile(r"[0-9]{1,9}")


def is_military(tags: Tags) -> bool:
    """Whether an object is military: by any key (`disused:military` too), value or name."""
    return any(_is_military_tag(_folded(key), value) for key, value in tags.items())


def _is_military_tag(key: str, value: str) -> bool:
    words = key.split(":")
    if "military" in words:
        return True
    told = _folded(value)
    if any(word == "name" or word.endswith("_name") for word in words):
        return _MILITARY_NAMES.search(told) is not None
    if not _OWNERS.isdisjoint(words) and _MILITARY_OWNERS.search(told):
        return True
    if "building" in words and not _MILITARY_BUILDINGS.isdisjoint(_several(told)):
        return True
    return "military" in told and not _MILITARY_KINDS.isdisjoint(_several(told))


def is_high_boundary(tags: Tags) -> bool:
    """Whether an object is a boundary of a province or a nation."""
    told = {_folded(key): value for key, value in tags.items()}
    levels = map(int, _NUMBER.findall(_folded(told.get("admin_level", ""))))
    return "boundary" in told and min(levels, default=PROVINCE_LEVEL + 1) <= PROVINCE_LEVEL


def is_withheld(tags: Tags) -> bool:
    """Whether an object must not appear in any output."""
    return is_military(tags) or is_high_boundary(tags)


def _folded(text: str) -> str:
    """Case and width don't tell words apart."""
    return text.casefold() if text.isascii() else normalize("NFKC", text).casefold()


def _several(value: str) -> set[str]:
    return {part.strip() for part in _SEVERAL.split(value)}
