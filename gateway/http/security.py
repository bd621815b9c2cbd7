"""What protects the browser's user: security headers, and the check of a request's origin.

A cookie is sent by a browser whoever asks it to, so an unsafe method with a cookie must come from
our own pages. A bearer token is never sent unasked and needs no such check. Sources: OWASP ASVS
5.0 sections 3.4 and 3.5; Fetch Metadata Request Headers section 2.
"""

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.http.problems import domain_problem
from kit.errors import DomainError, Forbidden
from kit.origins import host_of, is_from

# MapLibre starts its worker from a blob and draws images from blobs; antd and MapLibre set styles
# on elements. Everything else comes from here.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "child-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)",
}

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class CrossOrigin(Forbidden):
    """The request comes from a page that is not ours."""


class BodyTooLarge(DomainError):
    """The body of this request is too long."""

    status = 413


class SecurityHeaders:
    """Adds the security headers to every answer, and forbids caches to keep those of the API."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers)


class OriginCheck:
    """Refuses unsafe methods that a foreign page may have sent with our cookie."""

    def __init__(self, app: ASGIApp, *, public_url: str) -> None:
        self._app = app
        self._public_host = host_of(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403 `cross-origin`."""
        if scope["type"] == "http" and scope["method"] not in _SAFE_METHODS:
            headers = Headers(scope=scope)
            if not _is_ours(headers, self._public_host):
                await domain_problem(CrossOrigin())(scope, receive, send)
                return
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses bodies longer than `max_bytes`, told or untold.

    larger: (beginning of the path, bytes) where more is taken
    """

    def __init__(
        self, app: ASGIApp, *, max_bytes: int, larger: Sequence[tuple[str, int]] = ()
    ) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on while its body stays within the limit, or answer 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._most(scope["path"])
        told = Headers(scope=scope).get("content-length", "0")
        if not told.isdecimal() or int(told) > most:
            await domain_problem(BodyTooLarge(max_bytes=most))(scope, receive, send)
            return
        read_bytes = 0

        async def counted() -> Message:
            nonlocal read_bytes
            message = await receive()
            read_bytes += len(message.get("body", b""))
            if read_bytes > most:
                raise BodyTooLarge(max_bytes=most)
            return message

        await self._app(scope, counted, send)

    def _most(self, path: str) -> int:
        return next(
            (most for start, most in self._larger if path.startswith(start)), self._max_bytes
        )


def _is_ours(headers: Headers, public_host: str | None) -> bool:
    """Return whether a request with these headers can't have been forged by a foreign page."""
    if headers.get("authorization", "").lower().startswith("bearer "):
        return True
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site == "same-origin"
    if origin is not None:
        return is_from(origin, frozenset({headers.get("host"), public_host}))
    # Neither header: not a browser of these years. It may log in, but not act by cookie.
    return "cookie" not in headers
