"""Use cases of sittings: the purpose is chosen once, and stands behind every query that follows.

A sitting belongs to the session or API token that began it and ends with it, by itself after some
hours, or when another begins. One that stands on a letter opens what that letter opens and nothing
else, one without what its person's own roles open: so that every query is journalled under the
letter that allows it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header
from sqlalchemy.ext.asyncio import AsyncSession

from fleet import journal
from fleet.access import Actor, CurrentActor
from fleet.acts import Act
from fleet.errors import flush_or_refuse
from fleet.permissions import Permission
from fleet.sittings import store
from fleet.sittings.errors import LetterNeeded, ReferenceMissing, SittingNeeded
from fleet.sittings.schemas import NewSitting
from fleet.sittings.tables import Sitting
from fleet.sittings.words import LookingPurpose
from kit.errors import Conflict
from kit.web import DbSession, Now

LONGEST = timedelta(hours=8)


class SittingBegun(Conflict):
    """Another sitting has just begun in this session; repeat."""


async def begin_sitting(session: AsyncSession, act: Act, asked: NewSitting) -> Sitting:
    """Begin a sitting of the actor; the one before it ends.

    Raises ReferenceMissing, LetterNeeded, SittingBegun.
    """
    actor = act.actor
    assert actor is not None
    assert actor.bearer_id is not None
    letter_no = _letter(actor, asked.reference)
    if asked.purpose is LookingPurpose.CASE and asked.reference is None and letter_no is None:
        raise ReferenceMissing
    await end_sitting(session, act)
    sitting = Sitting(
        person_no=actor.person_no,
        bearer_id=actor.bearer_id,
        purpose=asked.purpose,
        reference=asked.reference,
        letter_no=letter_no,
        text=asked.text,
        began_at=act.now,
        expires_at=act.now + LONGEST,
    )
    session.add(sitting)
    await flush_or_refuse(session, {"one_sitting_at_a_time": SittingBegun})
    act.record(
        session,
        "sitting.begin",
        "sitting",
        sitting.id,
        organisation_no=_home(actor),
        after=facts_of(sitting),
    )
    return sitting


async def end_sitting(session: AsyncSession, act: Act) -> None:
    """End the actor's sitting, if there is one."""
    actor = act.actor
    assert actor is not None
    assert actor.bearer_id is not None
    for id in await store.end_those_of(session, actor.bearer_id, act.now):
        act.record(session, "sitting.end", "sitting", id, organisation_no=_home(actor))


def journal_look(
    session: AsyncSession,
    actor: Actor,
    sitting: Sitting,
    action: str,
    object_id: UUID | None,
    *,
    now: datetime,
    address: str | None,
    asked: Mapping[str, object] | None = None,
) -> None:
    """Add the entry of one query of tracks, with the sitting in which it was asked."""
    journal.record_look_up(
        session,
        actor=actor,
        action=action,
        object_kind="track",
        object_id=object_id,
        now=now,
        purpose=sitting.purpose,
        sitting_id=sitting.id,
        asked={
            **(asked or {}),
            "reference": sitting.reference,
            "letter_no": sitting.letter_no,
            "text": sitting.text,
        },
        address=address,
    )


def facts_of(sitting: Sitting) -> dict[str, object]:
    """Return what the journal says of a sitting that begins."""
    return {
        "purpose": sitting.purpose,
        "reference": sitting.reference,
        "letter_no": sitting.letter_no,
        "text": sitting.text,
    }


async def current_sitting(session: AsyncSession, actor: Actor, now: Now) -> Sitting | None:
    """Return the sitting of the actor's session or API token, or None."""
    if actor.bearer_id is None:
        return None
    return _valid(actor, await store.current_of(session, actor.bearer_id, now))


async def _sitting_in_force(
    actor: CurrentActor,
    session: DbSession,
    now: Now,
    gongche_sitting: Annotated[
        UUID | None, Header(description="The sitting; by default that of this log-in")
    ] = None,
) -> Sitting:
    if gongche_sitting is None:
        sitting = await current_sitting(session, actor, now)
    else:
        named = await store.sitting_of(session, gongche_sitting, actor.person_no, now)
        sitting = _valid(actor, named)
    if sitting is None:
        raise SittingNeeded
    return sitting


def _valid(actor: Actor, sitting: Sitting | None) -> Sitting | None:
    """Return the sitting unless it stands on a letter that is no longer in force."""
    if sitting is None or (sitting.letter_no or "") in ("", *actor.letters):
        return sitting
    return None


def _letter(actor: Actor, reference: str | None) -> str | None:
    """Return the letter under which an external supervisor looks; None for everybody else.

    Somebody whose own roles open tracks looks by these, unless they name one of their letters.
    """
    letters = actor.letters_for(Permission.TRACK_READ)
    if reference in letters:
        return reference
    if not letters or Permission.TRACK_READ in actor.under(None).permissions:
        return None
    if reference is None and len(letters) == 1:
        return letters[0]
    raise LetterNeeded


def _home(actor: Actor) -> int | None:
    return actor.grants[0].organisation_no if actor.grants else None


InSitting = Annotated[Sitting, Depends(_sitting_in_force, scope="function")]
