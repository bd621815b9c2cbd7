"""A real PostgreSQL and a real Valkey, started from their wheels in the data folder."""

from kit.servers.folder import DataFolder
from kit.servers.postgres import EmbeddedPostgres
from kit.servers.valkey import EmbeddedValkey

__all__ = ["DataFolder", "EmbeddedPostgres", "EmbeddedValkey"]
