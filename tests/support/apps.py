"""Applications that share the routes of one: FastAPI reads each route's signature but once.

An application of its own makes that anew, which takes up to a second, most of a test's time.
"""

from functools import cache

from fastapi import FastAPI

from gateway.http.app import create_app
from kit.database import Sessions
from kit.settings import Settings


@cache
def _first() -> FastAPI:
    return create_app(Settings(database_url="postgresql://nowhere/none"))


def app_over(settings: Settings, sessions: Sessions) -> FastAPI:
    """Return an application with these settings and sessions; its state is its own.

    Its dependency overrides are none at first; the one made before loses its own.
    """
    app = create_app(settings, sessions=sessions)
    app.router.routes[:] = _first().router.routes
    # A route asks the application that it was included in.
    app.dependency_overrides = _first().dependency_overrides
    app.dependency_overrides.clear()
    return app
