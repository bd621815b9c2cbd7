"""Writing entries: in the transaction of the act that they record, without any chain."""

import os
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

import fleet.journal.writing  # noqa: F401  (imported for what it does at each flush)
from fleet.access import Actor
from fleet.journal.canonical import Header, Payload
from fleet.journal.chain import SALT_BYTES
from fleet.journal.tables import JournalEntry
from fleet.words import Role
from kit.ids import new_id

SYSTEM = "system"
_LOOK_UPS = (".read", ".export")


def record(
    session: AsyncSession,
    *,
    actor: Actor | None,
    action: str,
    object_kind: str,
    object_id: UUID | None,
    now: datetime,
    organisation_no: int | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str | None = None,
    address: str | None = None,
    actor_name: str | None = None,
    purpose: str | None = None,
    sitting_id: UUID | None = None,
) -> UUID:
    """Add an entry: who did what to which object, with its values before and after.

    Returns the entry's id. Without an actor the entry names `actor_name`, or the system itself;
    for one in whose name the system acts, it names the system and that person's account.
    Values must be JSON: others raise at once (see `Payload.to_bytes`). The sealer links the
    entry into the chain after the commit.
    """
    if actor is not None and actor.automatic:
        actor_name = f"{SYSTEM} for {actor.username}"
        actor = None
    header = Header(
        id=new_id(),
        at=now,
        actor_no=actor.person_no if actor else None,
        roles=sorted(actor.roles) if actor else [],
        organisation_no=organisation_no,
        supervisor_no=_supervisor_no(actor) if _tells_a_look(action) else None,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
    )
    payload = Payload(
        actor_name=actor.username if actor else actor_name or SYSTEM,
        address=address,
        before=before,
        after=after,
        reason=reason,
        purpose=purpose,
        sitting_id=sitting_id,
    )
    session.add(
        JournalEntry(
            id=header.id,
            at=now,
            actor_no=header.actor_no,
            actor_name=payload.actor_name,
            organisation_no=organisation_no,
            supervisor_no=header.supervisor_no,
            action=action,
            object_kind=object_kind,
            object_id=object_id,
            reason=reason,
            address=address,
            header=header.to_bytes(),
            salt=os.urandom(SALT_BYTES),
            payload=payload.to_bytes(),
        )
    )
    return header.id


def record_look_up(
    session: AsyncSession,
    *,
    actor: Actor,
    action: str,
    object_kind: str,
    object_id: UUID | None,
    now: datetime,
    purpose: str | None,
    sitting_id: UUID | None = None,
    organisation_no: int | None = None,
    asked: Mapping[str, object] | None = None,
    address: str | None = None,
) -> UUID:
    """Add the entry of somebody's look at a track, an export or an evidence pack.

    action: ends in `.read` or `.export`; object: whose track, or which list
    purpose, sitting_id: what for, as chosen once for a sitting or a case
    asked: the question, such as its period and filters, or the number of rows taken out
    """
    if not action.endswith(_LOOK_UPS):
        raise ValueError(f"{action} is no look-up: its name ends in {' or '.join(_LOOK_UPS)}")
    return record(
        session,
        actor=actor,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        now=now,
        organisation_no=organisation_no,
        after=asked,
        address=address,
        purpose=purpose,
        sitting_id=sitting_id,
    )


def _tells_a_look(action: str) -> bool:
    """Return whether an entry tells what somebody looks at, or what for."""
    return action.endswith(_LOOK_UPS) or action.startswith("sitting.")


def _supervisor_no(actor: Actor | None) -> int | None:
    """Return the organisation for which the actor supervises from outside, if they do."""
    grants = actor.grants if actor else ()
    return next(
        (g.organisation_no for g in grants if g.role == Role.EXTERNAL_SUPERVISOR),
        None,
    )
