"""Heads that were kept outside and are gone: `gongche journal verify` says so, and fails."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from fleet.journal.heads import HeadsFile
from fleet.journal.sealer import Sealer
from fleet.journal.words import Algorithm
from gateway.cli.commands import app
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
