"""Public identifiers: UUIDv7 (RFC 9562 section 5.7), which sort by their time of birth."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a new public id."""
    return uuid7()
