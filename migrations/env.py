"""Alembic's entry: forward-only migrations of the one database."""

from alembic import context
from sqlalchemy import create_engine

import tracking.tables  # noqa: F401  (imported for their tables)
from kit.database import Base

_LOCK = 0x676F6E67  # one migration at a time, whoever starts first


def run() -> None:
    """Run the missing migrations in one transaction under an advisory lock."""
    engine = create_engine(context.config.attributes["url"], connect_args={"connect_timeout": 5})
    with engine.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        context.configure(connection=connection, target_metadata=Base.metadata)
        context.run_migrations()
    engine.dispose()


run()
