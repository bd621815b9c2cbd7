"""pg_dump and pg_restore: those of the embedded wheel, else those on the path.

Password and address go by the environment, where other accounts can't read them.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from kit.backup.errors import BackupFailed
from kit.database import plain_url
from kit.servers.binaries import POSTGRES
from kit.servers.errors import BinariesMissing

_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


def program(name: str) -> Path:
    """Return the path of a PostgreSQL program. Raises BackupFailed."""
    try:
        bundled = POSTGRES.find().with_name(name)
        if bundled.exists():
            return bundled
    except BinariesMissing:
        pass
    found = shutil.which(name)
    if found is None:
        raise BackupFailed(f"{name} is missing; install PostgreSQL's client programs.")
    return Path(found)


def environment(url: str) -> Mapping[str, str]:
    """Return the environment by which libpq's programs find the database at `url`."""
    told = {name: str(value) for name, value in conninfo_to_dict(plain_url(url)).items() if value}
    unknown = [name for name in told if name not in _VARIABLES]
    if unknown:
        raise BackupFailed(f"The database's address says {', '.join(unknown)}, unknown here.")
    base = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return base | {_VARIABLES[name]: value for name, value in told.items()}


def run(name: str, arguments: Sequence[str], url: str) -> None:
    """Run a PostgreSQL program against `url`; its files are closed to others.

    Raises BackupFailed with its last words.
    """
    done = subprocess.run(
        [str(program(name)), "--no-password", *arguments],
        env=dict(environment(url)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        umask=0o077,
        check=False,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["(no words)"]
        raise BackupFailed(f"{name} failed: {lines[0]}")
