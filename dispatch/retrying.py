"""A request that the database asks to repeat is repeated whole, from its first statement.

PostgreSQL ends one of two transactions that wait for each other (SQLSTATE 40P01) or that can't
be put in a row (40001). Locks are taken in one order, so this should not happen; when it does,
nobody at the other end should see it. A savepoint would not do: the locks of the whole
transaction are what stands in the way.
"""

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError

from kit.database import sqlstate

_REPEATABLE = frozenset({"40P01", "40001"})
_ATTEMPTS = 4
# FastAPI closes dependencies of scope "function" (the session is one) from the stack of this name.
_FUNCTION_STACK = "fastapi_function_astack"

T = TypeVar("T")


async def retried(unit: Callable[[], Awaitable[T]], attempts: int = _ATTEMPTS) -> T:
    """Return what `unit`, a whole transaction, returns; run it again when told to by the database.

    Raises the error of the last attempt, and every other error at once.
    """
    for attempt in range(1, attempts + 1):
        try:
            return await unit()
        except DBAPIError as error:
            if attempt == attempts or sqlstate(error) not in _REPEATABLE:
                raise
    raise AssertionError("attempts must be positive")


class RetriedRoute(APIRoute):
    """A route whose transaction is run again, with its dependencies, after a deadlock."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler, each attempt of which opens and commits a session of its own."""
        handle = super().get_route_handler()

        async def handle_retried(request: Request) -> Response:
            async def attempt() -> Response:
                async with AsyncExitStack() as stack:
                    request.scope[_FUNCTION_STACK] = stack
                    return await handle(request)

            return await retried(attempt)

        return handle_retried
