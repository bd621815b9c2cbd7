"""A journal of a few sealed entries, and a superuser who tampers with it by SQL."""

from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from fleet.acts import Act
from fleet.journal.heads import HeadsFile
from fleet.journal.sealing import Sealed, seal_pending
from fleet.journal.verify_store import open_chain
from fleet.journal.verifying import Verdict, verify
from fleet.journal.words import Algorithm
from kit.clock import utc_now
from kit.database import Sessions, plain_url, transaction


class Archive:
    """The journal of one fresh database, its file of heads, and a hand that changes rows."""

    def __init__(self, url: str, sessions: Sessions, heads: HeadsFile) -> None:
        self.url, self.sessions, self.heads = url, sessions, heads

    async def write(self, *plates: str) -> None:
        """Record one act after the other, in one transaction."""
        async with transaction(self.sessions) as session:
            for plate in plates:
                act = Act(None, utc_now(), "10.0.0.7", f"登记 {plate}")
                act.record(session, "vehicle.add", "vehicle", None, after={"plate": plate})
                await session.flush()

    async def seal(
        self, algorithm: Algorithm = Algorithm.SHA256, now: datetime | None = None
    ) -> Sealed | None:
        """Take one step of the sealer, and keep the head outside."""
        async with transaction(self.sessions) as session:
            sealed = await seal_pending(session, algorithm, now or utc_now())
        if sealed is not None:
            self.heads.append(sealed.root)
        return sealed

    def tamper(self, *statements: str) -> None:
        """Do by SQL what only a superuser can: past every trigger."""
        with psycopg.connect(plain_url(self.url)) as connection:
            connection.execute("SET session_replication_role = replica")
            for statement in statements:
                connection.execute(statement.encode())

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Return the rows of a query."""
        with psycopg.connect(plain_url(self.url)) as connection:
            return connection.execute(query.encode()).fetchall()

    def verify(
        self, *, outside: bool = False, block: int = 5_000, processes: int | None = None
    ) -> Verdict:
        """Verify; `outside` holds the chain against the file of heads too."""
        heads = self.heads.heads() if outside else ()
        with open_chain(self.url) as chain:
            return verify(chain, heads, block=block, processes=processes)


@pytest.fixture
def archive(database_url: str, sessions: Sessions, tmp_path: Path) -> Archive:
    """An empty journal."""
    return Archive(database_url, sessions, HeadsFile(tmp_path / "heads"))


@pytest.fixture
async def sealed(archive: Archive) -> Archive:
    """Six entries, sealed in two batches."""
    await archive.write("示A1", "示A2", "示A3")
    await archive.seal()
    await archive.write("示A4", "示A5", "示A6")
    await archive.seal()
    return archive
