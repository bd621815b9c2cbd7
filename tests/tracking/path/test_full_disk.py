"""A disk without a free block: nothing is answered, nothing is lost."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from kit.database import plain_url
from kit.servers import EmbeddedPostgres
from loadtests.faults.disk import NoSmallDisk, fill, small_disk
from tests.tracking.received import every_second, looking_at, running_ingest, soon

SIZE_MB = 16


async def test_positions_wait_for_a_free_block_and_are_stored_once(
    database_url: str, postgres_server: EmbeddedPostgres
) -> None:
    with _disk() as disk, _tablespace(database_url, postgres_server, disk):
        ballast = disk / "ballast"
        async with running_ingest(database_url) as ingest, looking_at(database_url) as looker:
            await ingest.submit(every_second(1))
            fill(ballast)
            done = ingest.submit(every_second(5_000, terminal_no=2))
            await soon(lambda: ingest.state.failures >= 2)
            assert not done.done()
            ballast.unlink()
            await done
            assert await looker.value("SELECT count(*) FROM positions_once") == 5_001
            assert await looker.value("SELECT count(*) FROM quarantined_frame") == 0


@contextmanager
def _disk() -> Iterator[Path]:
    try:
        with small_disk(SIZE_MB) as folder:
            yield folder
    except NoSmallDisk as error:
        pytest.skip(str(error))


@contextmanager
def _tablespace(url: str, server: EmbeddedPostgres, disk: Path) -> Iterator[None]:
    """Let new partitions of the database stand on this disk."""
    space = disk / "space"
    space.mkdir(mode=0o700)
    owner = server.cluster.stat()
    os.chown(space, owner.st_uid, owner.st_gid)
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{space}'".encode())
        connection.execute(f"ALTER DATABASE {name} SET default_tablespace = small".encode())
        try:
            yield
        finally:
            connection.execute(f"ALTER DATABASE {name} RESET default_tablespace".encode())
            for kind in (b"TABLE", b"INDEX"):
                connection.execute(
                    b"ALTER %s ALL IN TABLESPACE small SET TABLESPACE pg_default" % kind
                )
            connection.execute("DROP TABLESPACE small")
