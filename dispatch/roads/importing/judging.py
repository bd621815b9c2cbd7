"""What tags say of an object that may be shown to nobody: it is military, or a high boundary.

Sources: wiki.openstreetmap.org, pages Key:military, Key:access, Key:aerodrome:type (with
`military/public`), Lifecycle prefix (`disused:military`), Names (`alt_name`, `name:zh`),
Seamarks/Categories of Objects (`military_area`), Tag:boundary=administrative; 军事设施保护法
(2021), art 2, for what a military installation is.
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
    r"|(?:军事区|军营|兵营|军分区|舰队司令部|武警.*[支总大中]队|部队(?!锅|火锅)"
    r"|军区(?!总?医院)|警备区|[东南西北中]部战区|[陆海空]军基地|弹药库)(?![村路街巷桥站])"
    r"|\bmilitary (?:area|base|zone|camp|district|region)\b"
)
_NAMED_AFTER = (
    r"(?![东西南北中前后一二三四五]*(?:[村路街巷桥站屯里弄]|大[道街]|胡同|新村|社区|小区|花园"
    r"|公园|广场))"
)
"""What is only called after such a ground, and lies where it once was."""
# 军事设施保护法 art 2: command, airfields and ports, camps and ranges, stores, stations, posts at
# the border; no hospital. 海军 and 陆军 are names of people too: what they have is asked.
_INSTALLATIONS = re.compile(
    r"(?:营房|军港|军火库|军械库|(?<!高尔夫)(?<!射[击箭])靶场(?!射[击箭]|俱乐部)"
    r"|(?:解放军|武警|(?<![上威珠北])海军|[陆空]军|火箭军|空降兵|航空兵|炮兵|装甲兵|导弹|坦克)"
    r"[^路街巷道]{0,8}(?:基地|机场|码头|司令部|指挥部|训练场|试验场|仓库|油库|洞库|大院|营地|阵地"
    r"|雷达站|观通站|通信站|哨所)"
    r"|(?:边防|海防|炮兵|装甲兵|导弹|坦克|雷达|空降兵)(?:连|营|团|旅|哨所)(?![业销锁接购]))"
    + _NAMED_AFTER
    + r"|\b(?:army|naval|navy|air ?force|missile|artillery) (?:base|station|barracks|camp|garrison"
    r"|headquarters|depot|port|airfield|range|dockyard)s?\b(?! (?:road|rd|street|avenue|lane)\b)"
    r"|^(?:pla )?air ?force$|\b(?:barracks|firing range)$"
)
_MILITARY_OWNERS = re.compile(
    r"解放军|武警|武装警察|军区|部队|(?:^|中国|人民)(?:[陆海空]|火箭)军"
    r"|liberation army|armed police|\bpla(?:af|rf)?\b"
)
_FORCES = frozenset({"army", "navy", "air_force", "airforce"})
_OWNERS = frozenset({"operator", "owner", "ownership"})
_USES = frozenset(
    {"aeroway", "amenity", "area", "boundary", "building", "industrial", "landuse", "leisure"}
    | {"man_made", "natural", "place", "usage"}
)
"""Keys that say what ground is used for."""
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
        return any(names.search(told) for names in (_MILITARY_NAMES, _INSTALLATIONS))
    if not _OWNERS.isdisjoint(words) and (_MILITARY_OWNERS.search(told) or told in _FORCES):
        return True
    if not _USES.isdisjoint(words) and told.startswith(("military_", "military ", "军事", "军用")):
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
