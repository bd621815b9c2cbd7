"""Work that must not be left half done."""

import asyncio
from contextlib import suppress

import pytest

from kit.ending import pause, to_its_end


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


async def test_work_whose_turn_lost_its_cancellation_ends_at_the_next_pause() -> None:
    begun = asyncio.Event()

    async def turn() -> None:
        begun.set()
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()

    async def work() -> None:
        while True:
            await turn()
            await pause(3600)

    task = asyncio.create_task(work())
    await begun.wait()
    task.cancel()
    async with asyncio.timeout(5):
        await asyncio.wait([task])
    assert task.cancelled()


async def test_a_pause_of_work_that_goes_on_is_a_sleep() -> None:
    order: list[int] = []

    async def work() -> None:
        await pause(0)
        order.append(2)

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    order.append(1)
    await task
    assert order == [1, 2]
