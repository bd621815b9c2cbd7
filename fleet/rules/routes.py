"""Routes of inherited rules."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.organisations.store import by_no, named_or_own, owner_for
from fleet.organisations.tables import Organisation
from fleet.permissions import Permission
from fleet.refs import Named
from fleet.rules import schemas
from fleet.rules.keys import RuleKey
from fleet.rules.known import KNOWN
from fleet.rules.resolving import may_speak, resolve
from fleet.rules.saying import say, unsay
from fleet.rules.store import levels
from kit.web import Address, DbSession, InstantIn, Now

router = APIRouter()

Writer = Annotated[Actor, Allow(Permission.RULE_WRITE)]


@router.get("/rules/values", tags=["rules"])
async def list_rule_values(
    actor: Annotated[Actor, Allow(Permission.RULE_READ)],
    session: DbSession,
    now: Now,
    organisation_id: UUID | None = None,
    at: InstantIn | None = None,
) -> schemas.RuleValueList:
    """Show what every inherited rule says in an organisation (default: the actor's own)."""
    one = await named_or_own(session, actor, Permission.RULE_READ, organisation_id)
    moment = at or now
    return schemas.RuleValueList(
        organisation=Named(id=one.id, name=one.name),
        at=moment,
        items=await _shown(session, one, moment, list(RuleKey)),
        next_cursor=None,
    )


@router.put("/rules/values/{key}", tags=["rules"])
async def set_rule_value(
    key: RuleKey,
    body: schemas.NewRuleValue,
    actor: Writer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.RuleValueOut:
    """Let a rule say something for an organisation and all below it, by date."""
    one = await owner_for(session, actor, Permission.RULE_WRITE, body.organisation_id)
    await say(
        session,
        Act(actor, now, address, body.reason),
        organisation=one,
        key=key,
        value=body.value,
        open_below=body.open_below,
        since=body.start,
    )
    return (await _shown(session, one, max(now, body.start or now), [key]))[0]


@router.post("/rules/values/{key}/end", tags=["rules"])
async def end_rule_value(
    key: RuleKey,
    body: schemas.RuleValueEnding,
    actor: Writer,
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.RuleValueOut:
    """Let an organisation inherit a rule again; what it said stays in the register."""
    one = await owner_for(session, actor, Permission.RULE_WRITE, body.organisation_id)
    act = Act(actor, now, address, body.reason)
    await unsay(session, act, organisation=one, key=key, until=body.end)
    return (await _shown(session, one, max(now, body.end or now), [key]))[0]


async def _shown(
    session: AsyncSession, one: Organisation, at: datetime, keys: list[RuleKey]
) -> list[schemas.RuleValueOut]:
    said = await levels(session, keys, one.no, at)
    found = {key: resolve(KNOWN[key], said[key]) for key in keys}
    speakers = {one.organisation_no for one in found.values() if one.organisation_no is not None}
    named = await by_no(session, sorted(speakers))
    return [
        schemas.RuleValueOut(
            key=key,
            sentence=KNOWN[key].sentence,
            unit=KNOWN[key].unit,
            value=KNOWN[key].json(found[key].value),
            default=KNOWN[key].json(KNOWN[key].default),
            said_by=_named(named.get(found[key].organisation_no or 0)),
            version=found[key].version,
            open_below=found[key].open_below,
            may_change=may_speak(KNOWN[key], said[key][:-1]),
        )
        for key in keys
    ]


def _named(row: Organisation | None) -> Named | None:
    return Named(id=row.id, name=row.name) if row is not None else None
