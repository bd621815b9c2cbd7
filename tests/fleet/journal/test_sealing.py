"""The sealer: every committed entry once, in whatever order it was committed, by one worker."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import select

from fleet.acts import Act
from fleet.journal.chain import Root
from fleet.journal.heads import HeadsFile, OutsideHead
from fleet.journal.sealer import Sealer
from fleet.journal.sealing import seal_pending
from fleet.journal.words import Algorithm, Fault
from fleet.tables import JournalEntry
from kit.clock import utc_now
from kit.database import open_engine, open_sessions, plain_url, transaction
from tests.fleet.journal.conftest import Archive
from tests.fleet.journal.test_exporting import export, script

_OLD_ENTRY = """
    INSERT INTO journal (id, at, actor_name, action, object_kind, before, after, reason)
    VALUES (gen_random_uuid(), now(), 'old', 'place.add', 'place', 'null', '{"name": "旧"}', 'why')
"""


async def test_an_entry_that_commits_after_a_higher_number_is_sealed_after_it(
    archive: Archive,
) -> None:
    async with transaction(archive.sessions) as slow:
        Act(None, utc_now()).record(slow, "a.first", "a", None)
        await slow.flush()
        await archive.write("示A2")
        assert (await archive.seal()) is not None
    late = await archive.seal()
    assert late is not None
    assert late.root.n == 2
    assert archive.rows("SELECT n, entry_no FROM journal_seal ORDER BY n") == [(1, 2), (2, 1)]
    assert archive.verify(outside=True).finding is None


async def test_a_second_worker_seals_only_when_the_first_does_not(archive: Archive) -> None:
    await archive.write("示A1")
    async with transaction(archive.sessions) as first:
        assert await seal_pending(first, Algorithm.SHA256, utc_now()) is not None
        assert await archive.seal() is None
        await first.rollback()
    taken_over = await archive.seal()
    assert taken_over is not None
    assert taken_over.entries == 1


async def test_many_sealers_and_writers_make_one_gapless_chain(archive: Archive) -> None:
    sealers = [
        Sealer(archive.sessions, HeadsFile(archive.heads.path.with_name(f"heads{i}")), algorithm)
        for i, algorithm in enumerate((Algorithm.SHA256, Algorithm.SM3))
    ]

    async def write(n: int) -> None:
        for i in range(5):
            await archive.write(f"示A{n}{i}")

    async def seal(sealer: Sealer) -> None:
        for _ in range(20):
            await sealer.step()

    await asyncio.gather(*map(write, range(4)), *map(seal, sealers))
    await sealers[1].step()
    verdict = archive.verify()
    assert verdict.finding is None
    assert (verdict.entries, verdict.unsealed) == (20, 0)


async def test_a_change_of_algorithm_holds_for_later_seals(archive: Archive) -> None:
    for algorithm in (Algorithm.SHA256, Algorithm.SM3, Algorithm.SHA256):
        await archive.write("示A1")
        await archive.seal(algorithm)
    assert archive.verify(outside=True).finding is None
    assert archive.rows("SELECT algorithm FROM journal_seal ORDER BY n") == [
        ("sha256",),
        ("sm3",),
        ("sha256",),
    ]


async def test_an_older_versions_entry_is_given_its_bytes_and_sealed(archive: Archive) -> None:
    with psycopg.connect(plain_url(archive.url)) as connection:
        connection.execute(_OLD_ENTRY)
    await archive.seal()
    assert archive.verify(outside=True).finding is None
    async with archive.sessions() as session:
        entry = (await session.scalars(select(JournalEntry))).one()
    assert (entry.before, entry.after, entry.roles) == (None, {"name": "旧"}, None)
    archive.tamper("""UPDATE journal SET after = '{"name": "新"}'""")
    finding = archive.verify().finding
    assert finding is not None
    assert finding.fault == Fault.CHANGED


async def test_a_sealer_sees_that_the_chain_is_not_the_one_kept_outside(
    sealed: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    sealer = Sealer(sealed.sessions, sealed.heads, Algorithm.SHA256)
    assert await sealer.check()
    sealed.tamper("DELETE FROM journal_seal WHERE n = 6")
    assert not await sealer.check()
    assert "gongche journal verify" in caplog.text
    empty = HeadsFile(Path(sealed.heads.path.parent / "none"))
    assert await Sealer(sealed.sessions, empty, Algorithm.SHA256).check()


async def test_a_head_torn_by_a_power_cut_spoils_no_later_one(
    sealed: Archive, tmp_path: Path
) -> None:
    with sealed.heads.path.open("a") as file:
        file.write("7 abc")
    assert [head.n for head in sealed.heads.heads()] == [3, 6]
    await sealed.write("示A7")
    await sealed.seal()
    assert [head.n for head in sealed.heads.heads()] == [3, 6, 7]
    assert sealed.verify(outside=True).finding is None
    file_of_export = tmp_path / "export"
    await export(sealed, file_of_export)
    assert "3 heads kept outside agree" in script(file_of_export, sealed.heads.path).stdout


async def test_two_workers_of_one_machine_append_heads_in_turn(archive: Archive) -> None:
    await archive.write("示A1")
    sealer = Sealer(archive.sessions, HeadsFile(archive.heads.path), Algorithm.SHA256)
    with archive.heads.turn() as is_ours:
        assert is_ours
        assert not await sealer.step()
        assert archive.verify().unsealed == 1
    await sealer.step()
    assert archive.verify(outside=True).outside == 1


class _BusyFile(HeadsFile):
    """A file whose turn comes only after another worker of the machine has gone on."""

    def __init__(self, path: Path, others: Callable[[], Awaitable[None]]) -> None:
        super().__init__(path)
        self.others: Callable[[], Awaitable[None]] | None = others

    @contextmanager
    def turn(self) -> Iterator[bool]:
        if self.others is not None:
            work, self.others = self.others, None
            thread = threading.Thread(target=lambda: asyncio.run(_run(work)))
            thread.start()
            thread.join()
        with super().turn() as is_ours:
            yield is_ours


async def _run(work: Callable[[], Awaitable[None]]) -> None:
    await work()


async def test_a_worker_that_starts_beside_another_appends_no_earlier_head(
    archive: Archive,
) -> None:
    path = archive.heads.path
    await archive.write("示A1")
    await Sealer(archive.sessions, HeadsFile(path), Algorithm.SHA256).step()
    await archive.write("示A2")
    async with transaction(archive.sessions) as session:
        two = await seal_pending(session, Algorithm.SHA256, utc_now())
    assert two is not None

    async def others() -> None:
        engine = open_engine(archive.url)
        other = Archive(archive.url, open_sessions(engine), HeadsFile(path))
        other.heads.append(two.root)
        await other.write("示A3")
        await Sealer(other.sessions, other.heads, Algorithm.SHA256).step()
        await engine.dispose()

    starting = Sealer(archive.sessions, _BusyFile(path, others), Algorithm.SHA256)
    assert await starting.check()
    assert [head.n for head in archive.heads.heads()] == [1, 2, 3]
    assert archive.verify(outside=True).finding is None


async def test_a_starting_worker_waits_for_its_turn_at_the_file(archive: Archive) -> None:
    await archive.write("示A1")
    async with transaction(archive.sessions) as session:
        await seal_pending(session, Algorithm.SHA256, utc_now())
    starting = Sealer(archive.sessions, HeadsFile(archive.heads.path), Algorithm.SHA256)
    with archive.heads.turn():
        check = asyncio.create_task(starting.check())
        done, _ = await asyncio.wait({check}, timeout=0.3)
        assert not done
        assert archive.heads.last() is None
    assert await check
    assert [head.n for head in archive.heads.heads()] == [1]


async def test_a_chain_that_was_cut_appends_no_head_below_the_last(
    sealed: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    sealed.tamper("DELETE FROM journal WHERE no > 4", "DELETE FROM journal_seal WHERE n > 4")
    sealer = Sealer(sealed.sessions, sealed.heads, Algorithm.SHA256)
    await sealed.write("示B5")
    await sealer.step()
    assert [head.n for head in sealed.heads.heads()] == [3, 6]
    assert "gongche journal verify" in caplog.text
    await sealed.write("示B6", "示B7")
    await sealer.step()
    assert [head.n for head in sealed.heads.heads()] == [3, 6, 7]
    finding = sealed.verify(outside=True).finding
    assert finding is not None
    assert (finding.fault, finding.n) == (Fault.REWRITTEN, 6)


def test_the_last_head_is_found_behind_torn_lines_of_any_number(tmp_path: Path) -> None:
    heads = HeadsFile(tmp_path / "heads")
    assert heads.last() is None
    root = Root(7, bytes(32), utc_now(), Algorithm.SHA256)
    for torn in (0, 1, 500):
        heads.path.write_text("7 ab torn\n" * torn)
        assert heads.last() is None
        heads.append(root)
        with heads.path.open("a") as file:
            file.write("8 abc torn\n" * torn + "9 ab")
        assert heads.last() == OutsideHead(7, root.head)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET reason = 'x' WHERE no = 1",
        "UPDATE journal SET header = NULL WHERE no = 1",
        "UPDATE journal SET payload = NULL, salt = NULL WHERE no = 1",
        "UPDATE journal SET payload = NULL, salt = NULL, actor_name = NULL, reason = NULL, "
        "address = NULL, erased_by = id, action = 'x' WHERE no = 1",
        "DELETE FROM journal WHERE no = 1",
        "TRUNCATE journal",
        "UPDATE journal_seal SET sealed_at = now() WHERE n = 1",
        "DELETE FROM journal_seal WHERE n = 6",
        "TRUNCATE journal_seal",
    ],
)
async def test_the_database_refuses_to_change_what_is_written(
    sealed: Archive, statement: str
) -> None:
    with (
        psycopg.connect(plain_url(sealed.url)) as connection,
        pytest.raises(errors.InsufficientPrivilege, match="only added to"),
    ):
        connection.execute(statement.encode())
