"""The compose file as this project uses it: interpolation, order of start, health checks.

Sources: the Compose Specification, "Interpolation" ($NAME forms) and "Services top-level element"
(depends_on, healthcheck).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TypeAlias

from ruamel.yaml import YAML

Node: TypeAlias = "Mapping[str, Node] | list[Node] | str | int | bool | None"

_VARIABLE = re.compile(r"\$(?:\$|\{(\w+)(?:(:-|:\?)([^}]*))?\})")


class VariableMissing(Exception):
    """A variable that the file requires is not set."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its command and environment as a container would get them."""

    name: str
    command: list[str]
    environment: dict[str, str]
    health: list[str]
    depends_on: dict[str, str]
    ports: list[str]
    ours: bool

    @property
    def ends(self) -> bool:
        """Whether it does its work and ends."""
        return not self.health


def read_services(path: Path, variables: Mapping[str, str]) -> dict[str, Service]:
    """Return the services in an order in which they can be started. Raises VariableMissing."""
    document = _filled(YAML(typ="safe").load(path.read_text(encoding="utf-8")), variables)
    assert isinstance(document, Mapping)
    described = _mapping(document["services"])
    services = {name: _service(name, _mapping(node)) for name, node in described.items()}
    order = TopologicalSorter({name: list(s.depends_on) for name, s in services.items()})
    return {name: services[name] for name in order.static_order()}


def _service(name: str, node: Mapping[str, Node]) -> Service:
    test = _mapping(node.get("healthcheck")).get("test")
    return Service(
        name=name,
        command=_texts(node.get("command")),
        environment={k: str(v) for k, v in _mapping(node.get("environment")).items()},
        health=_texts(test)[1:],
        depends_on={
            other: str(_mapping(terms)["condition"])
            for other, terms in _mapping(node.get("depends_on")).items()
        },
        ports=_texts(node.get("ports")),
        ours="build" in node,
    )


def _mapping(node: Node) -> Mapping[str, Node]:
    assert node is None or isinstance(node, Mapping)
    return node or {}


def _texts(node: Node) -> list[str]:
    assert node is None or isinstance(node, list)
    return [str(one) for one in node or []]


def _filled(node: Node, variables: Mapping[str, str]) -> Node:
    if isinstance(node, Mapping):
        return {name: _filled(one, variables) for name, one in node.items()}
    if isinstance(node, list):
        return [_filled(one, variables) for one in node]
    return "".join(_pieces(node, variables)) if isinstance(node, str) else node


def _pieces(text: str, variables: Mapping[str, str]) -> Iterator[str]:
    end = 0
    for found in _VARIABLE.finditer(text):
        yield text[end : found.start()]
        yield _value(found, variables)
        end = found.end()
    yield text[end:]


def _value(found: "re.Match[str]", variables: Mapping[str, str]) -> str:
    name, form, rest = found.groups()
    if name is None:
        return "$"
    if variables.get(name):
        return variables[name]
    if form == ":-":
        return rest
    raise VariableMissing(name, rest)
