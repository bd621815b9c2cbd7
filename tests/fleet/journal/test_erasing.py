"""Retention takes what is personal, and the chain still holds and says by which rule."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import CheckViolation
from sqlalchemy import select

from fleet.journal import record
from fleet.journal.chain_store import erase_payloads
from fleet.journal.erasing import ERASURE, erase
from fleet.journal.words import Fault
from fleet.retention.errors import KeptTooShort
from fleet.retention.kinds import LIMITS, DataKind, horizon
from fleet.retention.running import Erasure, record_erasure
from fleet.tables import JournalEntry
from kit.clock import utc_now
from kit.database import plain_url, transaction
from tests.fleet.journal.conftest import Archive
from tests.fleet.journal.test_exporting import export, script

KEPT = timedelta(days=LIMITS[DataKind.JOURNAL].minimum_days + 1)


async def test_what_a_rule_has_erased_is_gone_and_verifies_as_that(
    sealed: Archive, tmp_path: Path
) -> None:
    before = utc_now() + timedelta(days=1)
    later = before + KEPT
    async with transaction(sealed.sessions) as session:
        assert await erase(session, rule="tracks_3y", before=before, now=later, most=4) == 4
    await sealed.seal(now=later)
    async with transaction(sealed.sessions) as session:
        assert await erase(session, rule="people_5y", before=before, now=later) == 2
        assert await erase(session, rule="people_5y", before=before, now=later) == 0
    await sealed.seal(now=later)
    verdict = sealed.verify(outside=True)
    assert verdict.finding is None
    assert verdict.erased == {"tracks_3y": 4, "people_5y": 2}
    async with sealed.sessions() as session:
        entries = list(await session.scalars(select(JournalEntry).order_by(JournalEntry.no)))
    assert [entry.action for entry in entries] == ["vehicle.add"] * 6 + ["journal.erase"] * 2
    assert entries[0].roles == []
    for entry in entries[:6]:
        assert (entry.actor_name, entry.reason, entry.address) == (None, None, None)
        assert (entry.after, entry.salt, entry.payload) == (None, None, None)
    assert entries[6].after is not None
    assert entries[6].after["seals"] == [[1, 4]]
    file = tmp_path / "export"
    await export(sealed, file)
    assert script(file, sealed.heads.path).returncode == 0


async def test_an_unsealed_entry_is_not_erased(archive: Archive) -> None:
    await archive.write("示A1")
    later = utc_now() + timedelta(days=1)
    async with transaction(archive.sessions) as session:
        assert await erase(session, rule="r", before=later, now=later + KEPT) == 0


async def test_an_erasure_within_the_legal_minimum_is_refused(sealed: Archive) -> None:
    now = utc_now()
    async with transaction(sealed.sessions) as session:
        with pytest.raises(KeptTooShort):
            await erase(session, rule="r", before=now - KEPT + timedelta(days=3), now=now)


@pytest.mark.parametrize("said", [timedelta(seconds=1), KEPT])
async def test_an_erasure_within_the_legal_minimum_is_named(
    sealed: Archive, said: timedelta
) -> None:
    # Its own date may be a lie, but not when it was sealed.
    before, says_now = utc_now() + timedelta(seconds=1), utc_now() + said
    async with transaction(sealed.sessions) as session:
        after = {"rule": "r", "before": before.isoformat(), "count": 6, "seals": [[1, 6]]}
        id = record(
            session,
            actor=None,
            action=ERASURE,
            object_kind="journal",
            object_id=None,
            now=says_now + timedelta(seconds=2),
            after=after,
        )
        await session.flush()
        await erase_payloads(session, [1, 2, 3, 4, 5, 6], id)
    for _ in range(2):
        finding = sealed.verify().finding
        assert finding is not None
        assert (finding.fault, finding.n) == (Fault.ERASED_TOO_SOON, 1)
        await sealed.seal()


async def test_an_erasure_of_tracks_within_the_legal_minimum_is_named(archive: Archive) -> None:
    now = utc_now()
    due = horizon(LIMITS[DataKind.TRACKS].minimum_days, now)
    for before in (due, due + timedelta(days=1)):
        async with transaction(archive.sessions) as session:
            record_erasure(
                session, Erasure(DataKind.TRACKS, before, now, dry_run=False), {"position": 1}
            )
        await archive.seal()
    finding = archive.verify(outside=True).finding
    assert finding is not None
    assert (finding.fault, finding.n) == (Fault.ERASED_TOO_SOON, 2)
    with psycopg.connect(plain_url(archive.url)) as connection, pytest.raises(CheckViolation):
        connection.execute(
            "INSERT INTO retention_rule (kind, keep_days, period) VALUES ('tracks', 183, '[,)')"
        )
