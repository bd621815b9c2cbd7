"""The outermost doors: health, metrics, the map's files."""

from tests.access.recipe import Ask, shared

RECIPES = (
    shared("GET /health"),
    shared("GET /metrics"),
    shared(
        "GET /maps/current/{name}",
        lambda s: Ask(path={"name": "manifest.json"}),
        inside=frozenset({404}),
    ),
)
