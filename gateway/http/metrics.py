"""Counts requests by route, method and status for `/metrics`."""

import time

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Few bounds: each is a series for each route and class of status.
_BOUNDS_S = (0.025, 0.1, 0.25, 1.0, 2.5, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestMetrics:
    """Counts each HTTP request under its route's template, so that ids make no new series.

    Nor does anything else that a stranger may choose.
    """

    def __init__(self, app: ASGIApp, *, registry: CollectorRegistry) -> None:
        self._app = app
        self._requests = Counter(
            "gongche_http_requests",
            "Requests, by method, route and status",
            ["method", "route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "gongche_http_request_seconds",
            "Until the end of an answer, by route and class of status",
            ["route", "status"],
            buckets=_BOUNDS_S,
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and count it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began = time.perf_counter()
        try:
            await self._app(scope, receive, watched)
        finally:
            route = _template(scope)
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._requests.labels(method, route, status).inc()
            seconds = time.perf_counter() - began
            self._seconds.labels(route, f"{status // 100}xx").observe(seconds)


def _template(scope: Scope) -> str:
    """Return the whole template of the route taken, `pages` when no route was.

    A route knows its own part only; what stands before it is the prefix of its router.
    """
    own = getattr(scope.get("route"), "path", None)
    if not isinstance(own, str):
        return "pages"
    asked = scope["path"].split("/")
    return "/".join(asked[: len(asked) - own.count("/")]) + own
