"""Passwords are kept as argon2id hashes (RFC 9106, the low-memory parameters of its section 4)."""

import asyncio
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def hash_password(password: str) -> str:
    """Return the hash under which `password` is kept; takes tens of milliseconds of a core."""
    return _HASHER.hash(password)


async def matches(password: str, stored: str | None) -> bool:
    """Return whether `password` is the one behind the hash `stored`.

    Without a stored hash the same work is done in vain, so that the time tells nobody which
    accounts exist.
    """
    return await asyncio.to_thread(_verify, password, stored)


def _verify(password: str, stored: str | None) -> bool:
    try:
        _HASHER.verify(stored or _hash_of_nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _hash_of_nobody() -> str:
    return hash_password(secrets.token_urlsafe(32))
