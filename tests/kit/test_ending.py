"""Work that must not be left half done."""

import asyncio

import pytest

from kit.ending import to_its_end


async def test_a_cancellation_waits_until_the_work_is_done() -> None:
    begun, may_end, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await may_end.wait()
        done.set()

    task = asyncio.create_task(to_its_end(work()))
    await begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done.is_set()


async def test_what_the_work_returns_or_raises_is_told() -> None:
    async def seven() -> int:
        return 7

    async def trouble() -> int:
        raise ValueError("no")

    assert await to_its_end(seven()) == 7
    with pytest.raises(ValueError, match="no"):
        await to_its_end(trouble())
