"""Every number, text and list that the API takes has a stated bound, and every body is closed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.http.app import create_app
from kit.settings import Settings

_NUMBERS = ({"minimum", "exclusiveMinimum"}, {"maximum", "exclusiveMaximum"})
_TEXTS = {"maxLength", "format", "pattern", "contentMediaType"}

Schema = dict[str, Any]


def unbounded(schema: Schema, named: Schema, where: str, seen: frozenset[str]) -> Iterator[str]:
    """Yield where a schema takes more than is stated; recursive shapes are looked at once."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        if name not in seen:
            yield from unbounded(named[name], named, name, seen | {name})
        return
    for part in (one for word in ("anyOf", "oneOf", "allOf") for one in schema.get(word, ())):
        yield from unbounded(part, named, where, seen)
    if "enum" in schema or "const" in schema:
        return
    kind, told = schema.get("type"), schema.keys()
    if kind in ("integer", "number") and not all(one & told for one in _NUMBERS):
        yield f"{where}: a number"
    if kind == "string" and not _TEXTS & told:
        yield f"{where}: a text"
    if kind == "array":
        if "maxItems" not in schema:
            yield f"{where}: a list"
        yield from unbounded(schema.get("items", {}), named, f"{where}[]", seen)
    if kind == "object":
        more = schema.get("additionalProperties", True)
        # Forms of files are made by the framework.
        if more is True and not where.startswith("Body_"):
            yield f"{where}: further members"
        for name, member in schema.get("properties", {}).items():
            yield from unbounded(member, named, f"{where}.{name}", seen)
        if isinstance(more, dict):
            yield from unbounded(more, named, f"{where}.*", seen)


def inputs(document: Schema) -> Iterator[tuple[str, Schema]]:
    """Yield each parameter and each body of the API with what it is called."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for one in operation.get("parameters", ()):
                yield f"{method} {path} {one['name']}", one["schema"]
            for one in operation.get("requestBody", {}).get("content", {}).values():
                yield f"{method} {path}", one["schema"]


def test_every_input_of_the_api_has_a_stated_bound(tmp_path: Path) -> None:
    url = "postgresql+psycopg://nobody@localhost/nowhere"
    document = create_app(Settings(database_url=url, data_dir=tmp_path)).openapi()
    named = document["components"]["schemas"]
    found = [
        one
        for where, schema in inputs(document)
        for one in unbounded(schema, named, where, frozenset())
    ]
    assert sorted(set(found)) == []


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "integer", "minimum": 1}, ["it: a number"]),
        ({"type": "integer", "minimum": 1, "maximum": 2}, []),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, ["it: a text"]),
        ({"type": "array", "items": {"type": "number"}}, ["it: a list", "it[]: a number"]),
        ({"type": "object", "properties": {}}, ["it: further members"]),
        ({"$ref": "#/components/schemas/Open"}, ["Open.a: a text"]),
    ],
)
def test_what_is_unbounded_is_found(schema: Schema, said: list[str]) -> None:
    named = {
        "Open": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"a": {"type": "string"}},
        }
    }
    assert list(unbounded(schema, named, "it", frozenset())) == said
