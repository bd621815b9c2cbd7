"""A city as an OpenStreetMap file."""

from __future__ import annotations

from pathlib import Path

import osmium
from osmium.io import Header
from osmium.osm import mutable

from demo.city.model import City


def write(city: City, path: Path) -> None:
    """Write `city` to `path`, in the format its suffix names (.osm.pbf or .osm).

    The same city gives the same bytes; an existing file is replaced.
    """
    header = Header()
    header.set("generator", "gongche invented city")
    with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
        for node in city.nodes:
            location = (node.lon, node.lat)
            writer.add_node(
                mutable.Node(id=node.node_id, version=1, location=location, tags=dict(node.tags))
            )
        for way in city.ways:
            writer.add_way(
                mutable.Way(id=way.way_id, version=1, nodes=way.node_ids, tags=dict(way.tags))
            )
        for relation in city.relations:
            members = [("w", way_id, "outer") for way_id in relation.way_ids]
            writer.add_relation(
                mutable.Relation(
                    id=relation.relation_id, version=1, members=members, tags=dict(relation.tags)
                )
            )
