"""One piece of work that fails ends by itself; one that is cancelled ends with its task."""

import asyncio
import logging

import pytest

from kit.isolation import Isolated

log = logging.getLogger(__name__)


def test_what_nobody_foresaw_is_logged_and_ends_there(caplog: pytest.LogCaptureFixture) -> None:
    with Isolated(log, "a thing can't be done", thing=7) as tried:
        raise KeyError("of nobody's")
    assert tried.failed
    (record,) = caplog.records
    assert (record.message, record.__dict__["thing"]) == ("a thing can't be done", 7)


def test_what_concerns_more_than_the_piece_passes() -> None:
    tried = Isolated(log, "a thing can't be done", passing=(OSError,))
    with pytest.raises(ConnectionError), tried:
        raise ConnectionError
    assert not tried.failed


async def test_what_is_raised_in_a_cancellation_s_place_passes() -> None:
    begun = asyncio.Event()
    tried = Isolated(log, "a thing can't be done")

    async def work() -> None:
        with tried:
            begun.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError as error:
                raise RuntimeError("a driver's own word for it") from error

    task = asyncio.create_task(work())
    await begun.wait()
    task.cancel()
    with pytest.raises(RuntimeError):
        await task
    assert not tried.failed
