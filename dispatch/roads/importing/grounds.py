"""Withheld grounds, found whatever they are tagged by, and closed where their outline is broken.

What lies inside a withheld area is withheld too. An outline that crosses itself, lacks a node or a
member, or isn't closed holds no area: there the hull of its known nodes is withheld, which is more
than the ground rather than less.

Sources: wiki.openstreetmap.org, pages Types of relation (which of them enclose ground) and
Relation:multipolygon (outer ways that carry the tags).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
import osmium.filter
import shapely
from osmium.osm import NODE, RELATION, WAY, Node, Relation, Way

from dispatch.roads.importing.access_rules import Tags
from dispatch.roads.importing.deny_list import DenyList
from dispatch.roads.importing.extract import Area
from dispatch.roads.importing.judging import is_military

_LINEAR = ("highway", "railway", "waterway", "power", "aerialway")
"""Lines by nature: where such a way isn't closed, nothing is meant to lie inside it."""

_NO_GROUND = frozenset(
    {"associatedStreet", "collection", "destination_sign", "enforcement", "network"}
    | {"public_transport", "restriction", "route", "route_master", "street", "superroute"}
    | {"waterway"}
)
"""Types of relation that enclose no ground, whatever their members are."""

_OF_NO_AREA = frozenset({"type", "created_by", "source", "note", "fixme", "FIXME"})
"""Keys that don't say what an area is."""

_ROUND_THE_HULL = 1e-6
"""Degrees (0.1 m) around a hull: what stands on its edge is inside, and a single node has some."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a file holds of withheld ways and relations that may enclose something.

    `tags` by "w" or "r" and number; `keys`: each of them carries one of these or of those asked
    for; `matched`: the entries of the operator's list that any way or relation answers to.
    """

    tags: dict[str, Tags] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    matched: set[str] = field(default_factory=set)


def find_grounds(path: Path, denied: DenyList, known_keys: Collection[str]) -> Grounds:
    """The withheld grounds in a file; `keys` holds a key for those that lack all of known_keys."""
    found = Grounds()
    known = frozenset(known_keys)
    objects = osmium.FileProcessor(str(path), WAY | RELATION).with_filter(
        osmium.filter.EmptyTagFilter()
    )
    for entity in objects:
        tags = {tag.k: tag.v for tag in entity.tags}
        osm_id = f"{'w' if isinstance(entity, Way) else 'r'}{entity.id}"
        entries = denied.entries_for(osm_id, tags)
        found.matched.update(entries)
        if entries or is_military(tags):
            if known.isdisjoint(tags):
                found.keys.add(min(tags))
            if _encloses(osm_id, tags):
                found.tags[osm_id] = tags
        elif isinstance(entity, Relation) and _is_told_by_its_ways(tags):
            outline = (f"w{one.ref}" for one in entity.members if one.role != "inner")
            told = next((found.tags[way] for way in outline if way in found.tags), None)
            if told is not None:
                found.tags[osm_id] = told
    return found


def _is_told_by_its_ways(tags: Tags) -> bool:
    """Whether what an area is stands on its outer ways, as was once usual."""
    return tags.get("type") in ("multipolygon", "boundary") and tags.keys() <= _OF_NO_AREA


def _encloses(osm_id: str, tags: Tags) -> bool:
    if osm_id.startswith("r"):
        return tags.get("type", "").partition(":")[0] not in _NO_GROUND
    return tags.get("area") == "yes" or not any(key in tags for key in _LINEAR)


def close_up(path: Path, grounds: Mapping[str, Tags]) -> list[Area]:
    """An area for each ground of which any node is known: the hull of those nodes."""
    nodes_of = _nodes_of(path, grounds)
    wanted = {node for nodes in nodes_of.values() for node in nodes}
    places = {
        node.id: (node.location.lon, node.location.lat)
        for node in _by_number(path, NODE, wanted)
        if isinstance(node, Node) and node.location.valid()
    }
    areas = []
    for osm_id, nodes in nodes_of.items():
        known = [places[node] for node in sorted(nodes) if node in places]
        if known:
            hull = shapely.MultiPoint(np.array(known)).convex_hull
            areas.append(Area(osm_id, grounds[osm_id], hull.buffer(_ROUND_THE_HULL)))
    return areas


def _nodes_of(path: Path, grounds: Iterable[str]) -> dict[str, set[int]]:
    """The nodes of ways, and of relations all nodes of all members, however deep."""
    members = _members(path, {int(one[1:]) for one in grounds if one.startswith("r")})
    reached: dict[str, set[tuple[str, int]]] = {}
    for osm_id in grounds:
        reached[osm_id], ahead = set(), [(osm_id[0], int(osm_id[1:]))]
        while ahead:
            one = ahead.pop()
            if one not in reached[osm_id]:
                reached[osm_id].add(one)
                ahead += members.get(one[1], ()) if one[0] == "r" else ()
    ways = {number for found in reached.values() for kind, number in found if kind == "w"}
    refs = {
        way.id: [node.ref for node in way.nodes]
        for way in _by_number(path, WAY, ways)
        if isinstance(way, Way)
    }
    return {
        osm_id: {number for kind, number in found if kind == "n"}
        | {ref for kind, number in found if kind == "w" for ref in refs.get(number, ())}
        for osm_id, found in reached.items()
    }


def _members(path: Path, relations: set[int]) -> dict[int, list[tuple[str, int]]]:
    """The members of relations, of those among their members, and so on."""
    members: dict[int, list[tuple[str, int]]] = {}
    ahead = relations
    while ahead:
        read = {
            relation.id: [(one.type, one.ref) for one in relation.members]
            for relation in _by_number(path, RELATION, ahead)
            if isinstance(relation, Relation)
        }
        members |= read
        inner = {ref for found in read.values() for kind, ref in found if kind == "r"}
        ahead = inner - members.keys() - ahead
    return members


def _by_number(path: Path, kind: osmium.osm.osm_entity_bits, numbers: set[int]) -> Iterable[object]:
    if not numbers:
        return ()
    return osmium.FileProcessor(str(path), kind).with_filter(osmium.filter.IdFilter(numbers))
