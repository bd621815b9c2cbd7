"""Questions that are asked together."""

import asyncio
from collections.abc import Sequence

import pytest

from kit.together import Together


class Asked:
    """Doubles numbers, once it may; remembers what it was asked together."""

    def __init__(self) -> None:
        self.questions: list[list[int]] = []
        self.may = asyncio.Event()

    async def answer(self, numbers: Sequence[int]) -> list[int]:
        """Return each number twice over; refuse negative ones."""
        self.questions.append(list(numbers))
        await self.may.wait()
        if min(numbers) < 0:
            raise ValueError("negative")
        return [2 * number for number in numbers]


async def _waiting(together: Together[int, int], numbers: Sequence[int]) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(together.ask(number)) for number in numbers]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_what_waits_while_one_is_answered_is_asked_together() -> None:
    asked = Asked()
    together = Together(asked.answer, at_most=3)
    first = await _waiting(together, [1])
    rest = await _waiting(together, [2, 3, 3, 4])
    asked.may.set()
    assert await asyncio.gather(*first, *rest) == [2, 4, 6, 6, 8]
    assert asked.questions == [[1], [2, 3, 3], [4]]


async def test_trouble_is_told_to_those_who_asked_together_and_to_nobody_else() -> None:
    asked = Asked()
    together = Together(asked.answer)
    first = await _waiting(together, [1])
    wrong = await _waiting(together, [2, -1])
    asked.may.set()
    assert await first[0] == 2
    for task in wrong:
        with pytest.raises(ValueError, match="negative"):
            await task
    assert await together.ask(5) == 10


async def test_whoever_is_cancelled_takes_nothing_from_the_others() -> None:
    asked = Asked()
    together = Together(asked.answer)
    tasks = await _waiting(together, [1])
    tasks += await _waiting(together, [2, 3])
    tasks[1].cancel()
    asked.may.set()
    assert await tasks[0] == 2
    assert await tasks[2] == 6
