"""Heads that were kept outside and are gone: `gongche journal verify` says so, and fails."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fleet.journal.heads import HeadsFile
from fleet.journal.sealer import Sealer
from fleet.journal.sealing import seal_pending
from fleet.journal.words import Algorithm
from gateway.cli.commands import app
from kit.clock import utc_now
from kit.database import transaction
from tests.fleet.journal.conftest import Archive


@pytest.fixture
def verify(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("GONGCHE_DATABASE_URL", archive.url)
    monkeypatch.setenv("GONGCHE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GONGCHE_JOURNAL_HEADS", str(archive.heads.path))
    return ["journal", "verify"]


async def gongche(*words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, list(words))


async def test_a_file_of_heads_that_is_gone_or_begun_anew_is_named(
    archive: Archive, verify: list[str]
) -> None:
    sealer = Sealer(archive.sessions, HeadsFile(archive.heads.path), Algorithm.SHA256)
    await archive.write("示A1")
    assert (await gongche(*verify)).exit_code == 0
    await sealer.step()
    assert (await gongche(*verify)).exit_code == 0
    copy = archive.heads.path.rename(archive.heads.path.with_name("copy"))
    gone = await gongche(*verify)
    assert gone.exit_code == 1
    assert "FAULT heads_gone: Heads were kept outside in" in gone.output
    await archive.write("示A2")
    await sealer.step()
    anew = await gongche(*verify)
    assert anew.exit_code == 1
    assert "from seal 1 on, and are gone" in anew.output
    both = await gongche(*verify, "--heads", str(copy), "--heads", str(archive.heads.path))
    assert both.exit_code == 0, both.output
    assert (await gongche("journal", "heads-lost", "disk failed")).exit_code == 0
    await sealer.step()
    lost = await gongche(*verify)
    assert lost.exit_code == 0, lost.output


async def test_heads_that_end_before_old_seals_are_named(
    archive: Archive, verify: list[str]
) -> None:
    heads = HeadsFile(archive.heads.path)
    sealer = Sealer(archive.sessions, heads, Algorithm.SHA256)
    await archive.write("示A1")
    await sealer.step()
    first = heads.path.read_text()
    # The second batch was sealed long ago; then its head was cut from the file.
    await archive.write("示A2")
    async with transaction(archive.sessions) as session:
        old = await seal_pending(session, Algorithm.SHA256, utc_now() - timedelta(minutes=2))
    assert old is not None
    heads.append(old.root)
    await archive.write("示A3")
    await sealer.step()
    whole = heads.path.read_text()
    assert "agree with the chain, up to seal 3." in (await gongche(*verify)).output
    heads.path.write_text(first)
    cut = await gongche(*verify)
    assert cut.exit_code == 1
    assert "FAULT heads_gone: Seals from 2 on have no head" in cut.output
    wider = await gongche(*verify, "--window-s", "600")
    assert wider.exit_code == 0, wider.output
    other = heads.path.with_name("other")
    other.write_text(whole.removeprefix(first))
    several = await gongche(*verify, "--heads", str(other), "--heads", str(heads.path))
    assert several.exit_code == 0, several.output
    assert (await gongche("journal", "heads-lost", "disk failed")).exit_code == 0
    assert (await gongche(*verify)).exit_code == 0


async def test_heads_that_an_older_version_kept_are_known_from_the_next_start(
    sealed: Archive, verify: list[str]
) -> None:
    sealer = Sealer(sealed.sessions, HeadsFile(sealed.heads.path), Algorithm.SHA256)
    assert await sealer.check()
    sealed.heads.path.unlink()
    assert (await gongche(*verify)).exit_code == 1


async def test_a_head_whose_writer_was_killed_before_it_stood_in_the_file_is_written_later(
    archive: Archive, verify: list[str]
) -> None:
    heads = HeadsFile(archive.heads.path)
    sealer = Sealer(archive.sessions, heads, Algorithm.SHA256)
    await archive.write("示A1")
    await sealer.step()
    first = heads.path.read_text()
    await archive.write("示A2")
    await sealer.step()
    both = heads.path.read_text()
    heads.path.write_text(first)
    assert await Sealer(archive.sessions, heads, Algorithm.SHA256).check()
    written, wanted = heads.path.read_text().split(), both.split()
    assert written[: len(first.split())] == first.split()
    assert written[len(first.split()) :][:2] == wanted[len(first.split()) :][:2]
    assert (await gongche(*verify)).exit_code == 0
