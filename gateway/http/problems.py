"""Errors as `application/problem+json` (RFC 9457): one stable type, one sentence, no secrets."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit.database import sqlstate
from kit.errors import DomainError, NotLoggedIn, TooMany, Unavailable

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

PROBLEM_RESPONSES: dict[int | str, dict[str, object]] = {
    "default": {
        "description": "A problem (RFC 9457), with facts of its type as further members",
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                    },
                    "additionalProperties": True,
                }
            }
        },
    }
}

# SQLSTATE classes that say "the server is away or going": connection exception, operator
# intervention, insufficient resources.
_AWAY = ("08", "57", "53")


class InvalidRequest(DomainError):
    """The request does not have the form that this address expects."""

    status = 422


class InternalError(DomainError):
    """Something went wrong on our side; it has been logged, and nothing was changed."""

    status = 500


def problem(
    kind: str,
    title: str,
    status: int,
    detail: str | None = None,
    facts: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return a problem document of type `/problems/<kind>`."""
    body: dict[str, object] = dict(facts or {})
    body |= {"type": f"/problems/{kind}", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    return JSONResponse(body, status, dict(headers or {}), MEDIA_TYPE)


def domain_problem(error: DomainError) -> JSONResponse:
    """Return the problem document of a domain error."""
    headers = {}
    if isinstance(error, NotLoggedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooMany | Unavailable) and isinstance(
        error.facts.get("retry_after_s", 5), int
    ):
        headers["Retry-After"] = str(error.facts.get("retry_after_s", 5))
    return problem(
        error.problem_type(), error.title(), error.status, error.detail, error.facts, headers
    )


def is_away(error: DBAPIError) -> bool:
    """Return whether a database error means that the server can't be reached for the moment."""
    if error.connection_invalidated or isinstance(error, InterfaceError):
        return True
    state = sqlstate(error)
    return isinstance(error, OperationalError) and (state is None or state[:2] in _AWAY)


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every expected error of `app` with a problem document."""

    @app.exception_handler(DomainError)
    async def of_domain(_request: Request, error: DomainError) -> JSONResponse:
        return domain_problem(error)

    @app.exception_handler(RequestValidationError)
    async def of_form(_request: Request, error: RequestValidationError) -> JSONResponse:
        # The value itself is not repeated: it may be a password.
        fields = [
            {"field": ".".join(str(part) for part in one["loc"][1:]), "message": one["msg"]}
            for one in error.errors()
        ]
        detail = "; ".join(f"{one['field']}: {one['message']}" for one in fields)
        return domain_problem(InvalidRequest(detail, fields=fields))

    @app.exception_handler(HTTPException)
    async def of_http(_request: Request, error: HTTPException) -> JSONResponse:
        phrase = HTTPStatus(error.status_code).phrase
        kind = phrase.lower().replace(" ", "-")
        return problem(kind, f"{phrase}.", error.status_code, headers=error.headers)

    @app.exception_handler(DBAPIError)
    async def of_database(_request: Request, error: DBAPIError) -> JSONResponse:
        if not is_away(error):
            raise error
        log.warning("database is away", extra={"error": str(error.orig)})
        return domain_problem(Unavailable())

    @app.exception_handler(DataError)
    async def of_data(_request: Request, error: DataError) -> JSONResponse:
        # A value that passed every check of form and that the database can't hold, such as U+0000.
        # Logged, because a statement of our own may be at fault; without the values.
        state = sqlstate(error)
        log.warning("database refused a value", extra={"sqlstate": state, "sql": error.statement})
        return domain_problem(InvalidRequest("A value can't be stored or compared as it is."))

    @app.exception_handler(PoolTimeout)
    async def of_pool(_request: Request, error: PoolTimeout) -> JSONResponse:
        log.warning("no database connection is free", extra={"error": str(error)})
        return domain_problem(Unavailable())


class SafetyNet:
    """Turns an unexpected error into a logged `internal-error` that tells nothing of the inside."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer in its place when it fails before its answer began."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            log.exception(
                "request failed", extra={"method": scope["method"], "path": scope["path"]}
            )
            if begun:
                raise
            await domain_problem(InternalError())(scope, receive, send)
