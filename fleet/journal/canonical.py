"""The exact bytes of an entry that are hashed: canonical JSON (RFC 8785), stored as they are.

The header says what happened and never goes; the payload says by what name, from where, why, and
with which values, and goes with its salt when a retention rule erases it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
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
        return _canonical(
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
        return _canonical(
            {
                "actor_name": self.actor_name,
                "address": self.address,
                "before": None if self.before is None else dict(self.before),
                "after": None if self.after is None else dict(self.after),
                "purpose": self.purpose,
                "sitting_id": None if self.sitting_id is None else str(self.sitting_id),
                "why": self.reason,
            }
        )


def instant_text(at: datetime) -> str:
    """Return an instant as `2026-01-31T09:30:00.000000Z`, always of this length."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _canonical(value: dict[str, object]) -> bytes:
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]  # it checks what its type can't say
    except (rfc8785.IntegerDomainError, rfc8785.FloatDomainError) as error:
        raise NotRecordable(str(error)) from error
