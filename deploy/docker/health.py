"""Health checks of the containers: `python deploy/docker/health.py gateway|api|worker`.

Each asks what the service is for, with nothing but its own settings. Ends with 0 when healthy,
with another status and one sentence when not.
"""

import os
import socket
import sys
import urllib.request
from collections.abc import Callable

import psycopg

_PATIENCE_S = 4

_LEASES = """
    SELECT count(*) FROM partition_lease
    WHERE owner LIKE %s AND expires_at > clock_timestamp()
"""


def gateway() -> None:
    """Whether terminals are let in: the listener closes when nothing can be committed."""
    port = int(os.environ.get("GONGCHE_JT808_PORT", "7808"))
    socket.create_connection(("127.0.0.1", port), _PATIENCE_S).close()


def api() -> None:
    """Whether `/health` answers 200: it says 503 while the database is away."""
    port = os.environ.get("GONGCHE_HTTP_PORT", "8000")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=_PATIENCE_S):
        return


def worker() -> None:
    """Whether a worker of this host holds partitions, which it renews while it works."""
    url = os.environ["GONGCHE_DATABASE_URL"].replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(url, connect_timeout=_PATIENCE_S) as connection:
        row = connection.execute(_LEASES, (f"{socket.gethostname()}:%",)).fetchone()
    if row is None or not row[0]:
        raise LookupError("no partition is held by a worker of this host")


CHECKS: dict[str, Callable[[], None]] = {"gateway": gateway, "api": api, "worker": worker}


if __name__ == "__main__":
    try:
        CHECKS[sys.argv[1]]()
    except (OSError, LookupError, psycopg.Error) as error:
        sys.exit(f"unhealthy: {error}")
