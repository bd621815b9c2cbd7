"""An id for each request: its log lines bear it, and its answer tells it (`X-Request-Id`).

It is always made here: what a client sends could be made to look like somebody else's.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.ids import new_id
from kit.log import log_ids

HEADER = "X-Request-Id"


class RequestIds:
    """Names each request, and each socket, for the time that it takes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on within its id."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        id = str(new_id())

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = id
            await send(message)

        with log_ids(request=id):
            await self._app(scope, receive, named)
