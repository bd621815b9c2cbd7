"""Questions to the database that are asked together: those that wait while the last is answered."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


class Together(Generic[Asked, Answer]):
    """Answers one by one what is asked one by one, at the price of few questions.

    `answer` gets everything that waits, repeats included and in the order of asking, and returns
    one answer each. An idle asker waits for nobody; ten thousand share a handful of questions.
    """

    def __init__(
        self, answer: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer]]], at_most: int = 1_000
    ) -> None:
        self._answer, self._at_most = answer, at_most
        self._waiting: list[tuple[Asked, asyncio.Future[Answer]]] = []
        self._answering: asyncio.Task[None] | None = None

    async def ask(self, asked: Asked) -> Answer:
        """Return the answer; raise what `answer` raised for those that were asked together.

        Whoever is cancelled meanwhile takes nothing from the others.
        """
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        if self._answering is None or self._answering.done():
            self._answering = asyncio.ensure_future(self._answer_all())
        return await future

    async def _answer_all(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[: self._at_most], self._waiting[self._at_most :]
            try:
                answers = await self._answer([asked for asked, _ in some])
            except Exception as error:
                for _, future in some:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), answer in zip(some, answers, strict=True):
                if not future.done():
                    future.set_result(answer)
