"""The application over a fresh database with the seeded world."""

from tests.fleet.conftest import app, client, sessions, settings, world

__all__ = ["app", "client", "sessions", "settings", "world"]
