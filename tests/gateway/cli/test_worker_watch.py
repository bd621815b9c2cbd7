"""What a worker tells of its work beside trips."""

import json
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from fleet.journal.heads import HeadsFile
from fleet.journal.sealer import Sealer
from fleet.journal.words import Algorithm
from gateway.cli.worker_watch import WorkerWatch, watched_sealing, worker_figures
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.log import JsonLines
from kit.metrics import Figures, exposition, new_registry
from tests.fleet.conftest import app, client, settings
from tests.support.world import World, log_in
from tests.tracking.conftest import NOW
from tests.tracking.received import every_second, store
from tracking.worker import WorkerState

__all__ = ["app", "client", "settings"]


async def test_heads_that_can_not_be_kept_outside_show_until_they_can(
    sessions: Sessions, world: World, tmp_path: Path
) -> None:
    watch, path = WorkerWatch(), tmp_path / "folder" / "heads"
    path.parent.write_text("in the way of the folder", encoding="ascii")
    seal = watched_sealing(Sealer(sessions, HeadsFile(path), Algorithm.SHA256), watch)
    with pytest.raises(OSError):
        await seal()
    assert watch.heads_missing
    path.parent.unlink()
    await seal()
    assert not watch.heads_missing
    assert HeadsFile(path).last() is not None


async def test_heads_of_another_journal_show(
    sessions: Sessions, world: World, tmp_path: Path
) -> None:
    watch, path = WorkerWatch(), tmp_path / "heads"
    path.write_text(f"1 {'ab' * 32} 2026-11-01T00:00:00Z sha256\n", encoding="ascii")
    await watched_sealing(Sealer(sessions, HeadsFile(path), Algorithm.SHA256), watch)()
    assert watch.heads_missing


async def test_what_waits_is_told_in_seconds_and_batches(
    sessions: Sessions, world: World, database_url: str, client: httpx.AsyncClient
) -> None:
    await store(database_url, every_second(2))
    await log_in(client, "manager")
    watch, now = WorkerWatch(), utc_now() + timedelta(minutes=5)
    async with transaction(sessions) as session:
        await watch.look(session, 1, now)
    assert list(watch.behind.values()) == [1.0]
    assert watch.behind_s is not None
    assert 300 <= watch.behind_s < 3_600
    assert watch.unsealed_s is not None
    assert watch.unsealed_s >= 300
    assert watch.days_waiting is not None
    # The only day that has a partition is the one of the positions; two days later it is over.
    async with transaction(sessions) as session:
        await watch.look(session, 1, NOW + timedelta(days=2))
    assert watch.days_waiting == 1


def test_a_work_that_is_put_off_is_counted_and_named(caplog: pytest.LogCaptureFixture) -> None:
    watch, registry = WorkerWatch(), new_registry()
    registry.register(Figures(worker_figures(WorkerState(), watch)))
    caplog.handler.setFormatter(JsonLines("worker"))
    watch.put_off("settling", OSError("no room"))
    text = exposition(registry).decode()
    assert 'gongche_worker_failures_total{work="settling"} 1.0' in text
    assert 'gongche_worker_failures_total{work="audit"} 0.0' in text
    said = json.loads(caplog.text)
    assert (said["work"], said["error"]) == ("settling", "no room")
