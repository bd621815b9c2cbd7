"""The journal and what stands around it."""

from tests.access.recipe import Ask, listed, shared

RECIPES = (
    listed(
        "GET /journal", lambda s: Ask(query={"object_id": s.vehicle.id}, marks=(str(s.vehicle.id),))
    ),
    listed("GET /journal/export", lambda s: Ask(marks=(str(s.vehicle.id),))),
    shared("GET /journal/root"),
)
