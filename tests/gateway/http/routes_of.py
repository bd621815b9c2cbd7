"""Every route of the application, with what it depends on."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIRouter
from starlette.routing import BaseRoute

from fleet.access import PermissionCheck


@dataclass(frozen=True, slots=True)
class Declared:
    """A route, and the permission checks that stand in its signature."""

    method: str
    path: str
    checks: tuple[PermissionCheck, ...]


def routes_of(app: FastAPI) -> list[Declared]:
    """Return every API route, also those of included routers (paths without their prefix)."""
    return [
        Declared(method, route.path, tuple(_checks(route.dependant)))
        for route in _walk(app.router.routes)
        for method in sorted(route.methods)
    ]


def _walk(routes: list[BaseRoute]) -> Iterator[APIRoute]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if isinstance(included, APIRouter):
            yield from _walk(included.routes)
        elif isinstance(route, APIRoute):
            yield route


def _checks(dependant: Dependant) -> Iterator[PermissionCheck]:
    for one in dependant.dependencies:
        if isinstance(one.call, PermissionCheck):
            yield one.call
        yield from _checks(one)
