"""Errors of the domain: one class, one sentence, one stable problem type, one HTTP status.

The sentence is the class's docstring (RFC 9457 `title`); an instance may add a `detail` that
says what to change. `gateway/http` turns them into `application/problem+json`.
"""

import re
from typing import ClassVar

from kit.trouble import Trouble


class DomainError(Trouble):
    """The request could not be carried out."""

    status: ClassVar[int] = 400

    def __init__(self, detail: str | None = None, **facts: object) -> None:
        super().__init__(detail or type(self).title())
        self.detail = detail
        self.facts = facts

    @classmethod
    def title(cls) -> str:
        """The error's one sentence."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0]

    @classmethod
    def problem_type(cls) -> str:
        """The stable name of this class of error, such as `vehicle-busy`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()


class BadRequest(DomainError):
    """The request contradicts itself or the state of things."""

    status = 422


class NotLoggedIn(DomainError):
    """Log in first."""

    status = 401


class Forbidden(DomainError):
    """Your roles do not allow this."""

    status = 403


class NotFound(DomainError):
    """There is no such object within your scope."""

    status = 404


class Conflict(DomainError):
    """The object has changed or is taken."""

    status = 409


class TooMany(DomainError):
    """Too many attempts; wait before the next."""

    status = 429


class Unavailable(DomainError):
    """A part of the system is away for the moment; nothing was changed."""

    status = 503
