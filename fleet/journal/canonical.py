"""The exact bytes of an entry that are hashed: canonical JSON (RFC 8785), stored as they are.

The header says what happened and never goes; the payload says by what name, from where, why, and
with which values, and goes with its salt when a retention rule erases it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

import rfc8785

from fleet.journal.errors import NotRecordable


@dataclass(frozen=True, slots=True)
class Header:
    """What stays of an entry for ever.

    roles: what the actor was at that time; None where it is not known (an older version's entry)
    supervisor_no: the organisation of the external supervisor whose look-up this is
    """

    id: UUID
    at: datetime
    actor_no: int | None
    roles: Sequence[str] | None
    organisation_no: int | None
    supervisor_no: int | None
    action: str
    object_kind: str
    object_id: UUID | None

    def to_bytes(self) -> bytes:
        """Return the canonical JSON object; its keys are these names."""
        return canonical(
            {
                "id": str(self.id),
                "at": instant_text(self.at),
                "actor_no": self.actor_no,
                "roles": None if self.roles is None else list(self.roles),
                "organisation_no": self.organisation_no,
                "supervisor_no": self.supervisor_no,
                "action": self.action,
                "object_kind": self.object_kind,
                "object_id": None if self.object_id is None else str(self.object_id),
            }
        )


@dataclass(frozen=True, slots=True)
class Payload:
    """What may be personal, and can be erased.

    before, after: JSON values; anything else is an error of the caller
    purpose, sitting_id: what a look-up was for, and the sitting in which it was made
    """

    actor_name: str | None
    address: str | None
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None
    reason: str | None
    purpose: str | None = None
    sitting_id: UUID | None = None

    def to_bytes(self) -> bytes:
        """Return the canonical JSON object; `why` is the reason.

        Raises NotRecordable for numbers that JSON can't hold exactly, and
        rfc8785.CanonicalizationError for what is no JSON: that is a defect of the caller.
        """
        return canonical(
            {
                "actor_name": self.actor_name,
                "address": self.address,
                "before": _object(self.before),
                "after": _object(self.after),
                "purpose": self.purpose,
                "sitting_id": None if self.sitting_id is None else str(self.sitting_id),
                "why": self.reason,
            }
        )


def instant_text(at: datetime) -> str:
    """Return an instant as `2026-01-31T09:30:00.000000Z`, always of this length."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _object(values: Mapping[str, object] | None) -> dict[str, object] | None:
    return values if values is None or isinstance(values, dict) else dict(values)


def canonical(value: object) -> bytes:
    """Return a JSON value in the form of RFC 8785.

    Raises NotRecordable for numbers that JSON can't hold exactly, and
    rfc8785.CanonicalizationError for what is no JSON.
    """
    if _is_plain(value):
        try:
            return _PLAIN.encode(value).encode()
        except UnicodeEncodeError:
            pass  # half a surrogate pair, which the library refuses by its own error
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]  # it checks what its type can't say
    except (rfc8785.IntegerDomainError, rfc8785.FloatDomainError) as error:
        raise NotRecordable(str(error)) from error


# The language's own encoder is four times as fast as the library, and writes the same bytes for
# all but odd numbers and keys: a third of what the journal costs a write is this.
_PLAIN = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
)
_EXACT = 2**53


def _is_plain(value: object) -> bool:
    kind = type(value)
    if isinstance(value, str) or value is None or kind is bool:
        return True
    if isinstance(value, dict):
        return all(type(key) is str and key.isascii() for key in value) and all(
            map(_is_plain, value.values())
        )
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    if kind is int:
        return -_EXACT < cast(int, value) < _EXACT
    # Between these both write the shortest digits, without exponent; whole ones differ (1.0, 1).
    return isinstance(value, float) and 1e-4 <= abs(value) < 1e15 and not value.is_integer()
