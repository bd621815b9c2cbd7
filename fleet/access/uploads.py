"""Routes with files: who may not send one is refused before a byte of it is read.

FastAPI reads a form whole, to disk where it is long, before it asks the dependencies of the route.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from fleet.access.requests import PermissionCheck, current_actor
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.errors import Forbidden


class UploadRoute(APIRoute):
    """A route whose permissions are asked for once before its body is read, and then as always."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler. Raises NotLoggedIn and Forbidden."""
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle
        checks = [
            one.call for one in self.dependant.dependencies if isinstance(one.call, PermissionCheck)
        ]

        async def handle_allowed(request: Request) -> Response:
            # A transaction of its own: none stays open for as long as somebody takes to send.
            sessions: Sessions = request.app.state.sessions
            async with transaction(sessions) as session:
                actor = await current_actor(request, session, utc_now())
            for check in checks:
                if check.permission is not None and check.permission not in actor.permissions:
                    raise Forbidden
            return await handle(request)

        return handle_allowed
