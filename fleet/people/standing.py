"""Use cases of an account: its name and phone, and whether it may be used at all."""

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.identity.tables import ApiToken, LogIn
from fleet.names import sort_key
from fleet.organisations.store import Scope
from fleet.people.errors import AlreadyDisabled, BelongsElsewhere, NotDisabled, OwnAccount
from fleet.people.masking import masked_phone
from fleet.people.role_store import unended_roles
from fleet.people.schemas import PersonChange
from fleet.people.tables import Person


async def change_person(
    session: AsyncSession, act: Act, person: Person, change: PersonChange, scope: Scope
) -> None:
    """Write what is said anew about a locked person. Raises BelongsElsewhere.

    The journal is given the phone number masked: it is read by more people than may call it.
    """
    home = await check_whole(session, act, person, scope)
    before = _told(person)
    if "name" in change.model_fields_set:
        person.name, person.sort_key = change.name, sort_key(change.name)
    if "phone" in change.model_fields_set:
        person.phone = change.phone
    act.record(
        session,
        "person.change",
        "person",
        person.id,
        organisation_no=home,
        before=before,
        after=_told(person),
    )
    await session.flush()


async def disable_person(session: AsyncSession, act: Act, person: Person, scope: Scope) -> None:
    """Disable a locked person's account and end what it has open: sessions and API tokens.

    Raises OwnAccount, BelongsElsewhere, AlreadyDisabled.
    """
    if act.actor is not None and act.actor.person_no == person.no:
        raise OwnAccount
    home = await check_whole(session, act, person, scope)
    if person.disabled_at is not None:
        raise AlreadyDisabled
    person.disabled_at = act.now
    await session.execute(delete(LogIn).where(LogIn.person_no == person.no))
    await session.execute(
        update(ApiToken)
        .where(ApiToken.person_no == person.no, ApiToken.revoked_at.is_(None))
        .values(revoked_at=act.now)
    )
    _record_standing(session, act, person, "person.disable", home)
    await session.flush()


async def enable_person(session: AsyncSession, act: Act, person: Person, scope: Scope) -> None:
    """Let a locked, disabled account be used again. Raises BelongsElsewhere, NotDisabled."""
    home = await check_whole(session, act, person, scope)
    if person.disabled_at is None:
        raise NotDisabled
    person.disabled_at = None
    _record_standing(session, act, person, "person.enable", home)
    await session.flush()


async def check_whole(session: AsyncSession, act: Act, person: Person, scope: Scope) -> int | None:
    """Return the organisation of the person's first role, None without any.

    Whoever has one outside `scope` is refused: their account opens more than `scope`. Raises
    BelongsElsewhere.
    """
    organisations = [
        row.organisation_no for row in await unended_roles(session, [person.no], act.now)
    ]
    if not scope.issuperset(organisations):
        raise BelongsElsewhere
    return organisations[0] if organisations else None


def _record_standing(
    session: AsyncSession, act: Act, person: Person, action: str, home: int | None
) -> None:
    disabled = person.disabled_at is not None
    act.record(
        session,
        action,
        "person",
        person.id,
        organisation_no=home,
        before={"username": person.username, "disabled": not disabled},
        after={"username": person.username, "disabled": disabled},
    )


def _told(person: Person) -> dict[str, object]:
    return {
        "username": person.username,
        "name": person.name,
        "phone": masked_phone(person.phone) if person.phone else None,
    }
