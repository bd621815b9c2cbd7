"""OpenStreetMap files written by hand: nodes, ways and relations as XML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement

Position = tuple[float, float]
Member = tuple[str, int, str]
"""("node" or "way", its number, its role)."""


@dataclass
class OsmFile:
    """What will be written; ways are residential streets unless their tags say otherwise.

    A tag without a value is left out.
    """

    where: Mapping[int, Position]
    ways: dict[int, Sequence[int]]
    way_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    relations: list[tuple[dict[str, str], list[Member]]] = field(default_factory=list)

    def restrict(self, kind: str, members: Sequence[Member], **tags: str) -> OsmFile:
        """Add a turn restriction."""
        words = {"type": "restriction", "restriction": kind, **tags}
        told = {key.replace("__", ":"): value for key, value in words.items() if value}
        self.relations.append((told, list(members)))
        return self

    def write(self, path: Path) -> Path:
        root = Element("osm", version="0.6")
        for node, (lat, lon) in self.where.items():
            found = SubElement(root, "node", id=str(node), lat=str(lat), lon=str(lon), version="1")
            _tag(found, self.node_tags.get(node, {}))
        for way, nodes in sorted(self.ways.items()):
            found = SubElement(root, "way", id=str(way), version="1")
            for node in nodes:
                SubElement(found, "nd", ref=str(node))
            _tag(found, {"highway": "residential", **self.way_tags.get(way, {})})
        for number, (tags, members) in enumerate(self.relations, start=1):
            found = SubElement(root, "relation", id=str(number), version="1")
            for kind, ref, role in members:
                SubElement(found, "member", type=kind, ref=str(ref), role=role)
            _tag(found, tags)
        ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
        return path


def _tag(element: Element, tags: Mapping[str, str]) -> None:
    for key, value in tags.items():
        if value:
            SubElement(element, "tag", k=key, v=value)
