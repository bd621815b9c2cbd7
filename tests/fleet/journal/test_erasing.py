"""Retention takes what is personal, and the chain still holds and says by which rule."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from fleet.journal.erasing import erase
from fleet.tables import JournalEntry
from kit.clock import utc_now
from kit.database import transaction
from tests.fleet.journal.conftest import Archive
from tests.fleet.journal.test_exporting import export, script


async def test_what_a_rule_has_erased_is_gone_and_verifies_as_that(
    sealed: Archive, tmp_path: Path
) -> None:
    later = utc_now() + timedelta(seconds=1)
    async with transaction(sealed.sessions) as session:
        assert await erase(session, rule="tracks_3y", before=later, now=later, most=4) == 4
    await sealed.seal()
    async with transaction(sealed.sessions) as session:
        assert await erase(session, rule="people_5y", before=later, now=later) == 2
        assert await erase(session, rule="people_5y", before=later, now=later) == 0
    await sealed.seal()
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
    later = utc_now() + timedelta(seconds=1)
    async with transaction(archive.sessions) as session:
        assert await erase(session, rule="r", before=later, now=later) == 0
