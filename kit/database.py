"""The one source of truth: sessions, migrations and the checks that durability rests on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase

from kit.trouble import Trouble

MIN_SERVER_VERSION = 150_000

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(naming_convention=_NAMING)


# A statement that has run some times is planned once for all of its values, and a scope of one
# unit needs another plan than a scope of three thousand: a page of 60,000 vehicles took ten times
# as long. Planning each time costs less than a millisecond.
# Compiling them (jit) each time costs more than they do: a question of half a millisecond took
# twelve.
_SESSION_OPTIONS = (
    "-c timezone=UTC",
    "-c plan_cache_mode=force_custom_plan",
    "-c jit=off",
)

# Whoever waits this long for a connection is told to come again. Waiting longer is no help: the
# client or a proxy before us gives up at a minute, and doesn't know then whether anything was done.
CONNECTION_WAIT_S = 30.0

Sessions = async_sessionmaker[AsyncSession]


class DatabaseUnfit(Trouble):
    """The database cannot keep what is acknowledged."""


def plain_url(url: str) -> str:
    """Return `url` as libpq and psycopg read it, without SQLAlchemy's driver name."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def driver_url(url: str) -> str:
    """Return `url` with the driver that this project uses."""
    for scheme in ("postgresql+psycopg://", "postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url[len(scheme) :]
    raise DatabaseUnfit(f"The database URL must begin with postgresql://, not {url[:12]!r}.")


def open_engine(url: str, *, pool_size: int = 10, wait_s: float = CONNECTION_WAIT_S) -> AsyncEngine:
    """Return an engine; connections are made when first used and checked before reuse.

    wait_s: how long a session waits for a connection, in seconds, where twice the size are in use
    """
    return create_async_engine(
        driver_url(url),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=wait_s,
        pool_pre_ping=True,
        # An error's text is logged; what was stored or asked for is nobody's there.
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "options": " ".join(_SESSION_OPTIONS)},
    )


def open_sessions(engine: AsyncEngine) -> Sessions:
    """Return the maker of sessions; only edges commit them."""
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def transaction(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """Yield a session whose work is committed at the end, or rolled back on an error."""
    async with sessions() as session, session.begin():
        yield session


async def check_fitness(engine: AsyncEngine) -> None:
    """Refuse a server that is too old or that may lose what it has acknowledged.

    Raises DatabaseUnfit with one sentence.
    """
    try:
        async with engine.connect() as connection:
            version = int((await connection.execute(text("SHOW server_version_num"))).scalar_one())
            if version < MIN_SERVER_VERSION:
                raise DatabaseUnfit(
                    f"PostgreSQL 15 or newer is needed; this server says {version}."
                )
            for name in ("fsync", "full_page_writes"):
                if (await connection.execute(text(f"SHOW {name}"))).scalar_one() != "on":
                    raise DatabaseUnfit(
                        f"PostgreSQL runs with {name} off, so acknowledged data can be lost; "
                        "turn it on."
                    )
    except OperationalError as error:
        raise DatabaseUnfit("The database at GONGCHE_DATABASE_URL cannot be reached.") from error


def sqlstate(error: DBAPIError) -> str | None:
    """Return the five-letter SQLSTATE of a database error, if the server gave one."""
    state = getattr(error.orig, "sqlstate", None)
    return state if isinstance(state, str) else None


def violated_constraint(error: DBAPIError) -> str | None:
    """Return the name of the constraint that refused a write, if one did."""
    diagnostic = getattr(error.orig, "diag", None)
    name = getattr(diagnostic, "constraint_name", None)
    return name if isinstance(name, str) else None


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest schema (forward only)."""
    config = Config()
    config.set_main_option(
        "script_location", str(Path(__file__).resolve().parents[1] / "migrations")
    )
    config.attributes["url"] = driver_url(url)
    command.upgrade(config, "head")
