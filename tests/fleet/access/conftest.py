"""The application over the fresh database."""

from tests.fleet.conftest import app, client, settings

__all__ = ["app", "client", "settings"]
