"""Many who ask the same are answered by one look, few looks at a time."""

import asyncio

import pytest

from dispatch.capacity.together import Together


class Counted:
    """Finds answers when it is let, and counts how often and how many at once."""

    def __init__(self) -> None:
        self.found = self.at_work = self.most_at_work = 0
        self.let = asyncio.Event()

    async def find(self) -> int:
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        await self.let.wait()
        await asyncio.sleep(0)  # the others go on meanwhile
        self.at_work -= 1
        self.found += 1
        return self.found


async def test_one_look_answers_all_who_ask_the_same_and_who_goes_away_takes_nothing() -> None:
    together, counted = Together[int](kept_s=3600), Counted()
    asking = [asyncio.create_task(together.answer("same", counted.find)) for _ in range(5)]
    await asyncio.sleep(0)
    asking[0].cancel()
    counted.let.set()
    assert await asyncio.gather(*asking[1:]) == [1] * 4
    # Whoever asks a moment later is still served by it; another question is another look.
    assert await together.answer("same", counted.find) == 1
    assert await together.answer("other", counted.find) == 2


async def test_no_more_than_so_many_questions_are_worked_on_at_once() -> None:
    together, counted = Together[int](at_once=2), Counted()
    asking = [asyncio.create_task(together.answer(n, counted.find)) for n in range(6)]
    counted.let.set()
    await asyncio.gather(*asking)
    assert (counted.found, counted.most_at_work) == (6, 2)


async def test_an_answer_is_forgotten_in_time_and_a_failure_at_once() -> None:
    together, counted = Together[int](kept_s=0.0), Counted()
    counted.let.set()
    assert await together.answer("same", counted.find) == 1
    # Forgotten by the loop's own clock.
    async with asyncio.timeout(10):
        while await together.answer("same", counted.find) == 1:
            await asyncio.sleep(0)

    async def fail() -> int:
        raise ValueError("no answer")

    lasting = Together[int](kept_s=3600)
    for _ in range(2):
        with pytest.raises(ValueError, match="no answer"):
            await lasting.answer("same", fail)
    assert await lasting.answer("same", counted.find) == counted.found
