"""Questions that many ask at once are answered once, few at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

A = TypeVar("A")


class Together(Generic[A]):
    """Answers of one kind of question, each shared by all who ask the same meanwhile.

    An answer serves whoever asks within `kept_s` seconds after it was given; it must be one that
    need not be newer. Whoever goes away takes no answer from the others.
    """

    def __init__(self, *, at_once: int = 2, kept_s: float = 2.0) -> None:
        """at_once: how many questions are worked on at one time; the others wait their turn."""
        self._turns = asyncio.Semaphore(at_once)
        self._kept_s = kept_s
        self._asked: dict[Hashable, asyncio.Task[A]] = {}

    async def answer(self, question: Hashable, find: Callable[[], Awaitable[A]]) -> A:
        """Return the answer to a question, found by the first who asks; raises what that raises."""
        task = self._asked.get(question)
        if task is None:
            task = asyncio.create_task(self._found(find))
            self._asked[question] = task
            task.add_done_callback(lambda done: self._let_go(question, done))
        return await asyncio.shield(task)

    async def _found(self, find: Callable[[], Awaitable[A]]) -> A:
        async with self._turns:
            return await find()

    def _let_go(self, question: Hashable, done: asyncio.Task[A]) -> None:
        """Forget an answer after a moment, and what went wrong at once."""
        if done.cancelled() or done.exception() is not None:
            self._asked.pop(question, None)
        else:
            loop = asyncio.get_running_loop()
            loop.call_later(self._kept_s, self._asked.pop, question, None)
