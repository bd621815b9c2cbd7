"""Which migrations there are, and which a database has seen."""

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError


def newest_revision() -> str | None:
    """Return the newest migration that this version knows."""
    return _scripts().get_current_head()


def is_known(revision: str | None) -> bool:
    """Return whether a database at this revision can be brought to the newest schema."""
    if revision is None:
        return True
    try:
        _scripts().get_revision(revision)
    except CommandError:
        return False
    return True


@cache
def _scripts() -> ScriptDirectory:
    config = Config()
    folder = Path(__file__).resolve().parents[1] / "migrations"
    config.set_main_option("script_location", str(folder))
    return ScriptDirectory.from_config(config)
