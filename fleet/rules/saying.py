"""Use cases of inherited rules: an organisation says something, or stops saying it."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.errors import flush_or_refuse
from fleet.organisations.store import lock
from fleet.organisations.tables import Organisation
from fleet.rules import store
from fleet.rules.errors import LaterRuleValue, NothingSaid, RuleClosed
from fleet.rules.keys import RuleKey
from fleet.rules.known import KNOWN
from fleet.rules.resolving import may_speak
from fleet.rules.tables import RuleValue

_TAKEN = {
    "one_value_at_a_time": LaterRuleValue,
    "uq_rule_value_organisation_no_key_version": LaterRuleValue,
}


async def say(
    session: AsyncSession,
    act: Act,
    *,
    organisation: Organisation,
    key: RuleKey,
    value: object,
    open_below: bool,
    since: datetime | None = None,
) -> RuleValue:
    """Let the rule say `value` for the organisation and all below it from `since` (now) on.

    Raises BadRuleValue, RuleClosed where a level above left no choice at `since`, LaterRuleValue.
    """
    rule = KNOWN[key]
    plain = rule.json(rule.read(value))
    begins = since or act.now
    await lock(session, [organisation.no])
    levels = (await store.levels(session, [key], organisation.no, begins))[key]
    if not may_speak(rule, levels[:-1]):
        raise RuleClosed
    before = await _stop(session, organisation.no, key, begins)
    said = RuleValue(
        organisation_no=organisation.no,
        key=key,
        version=await store.last_version(session, organisation.no, key) + 1,
        value=plain,
        open_below=open_below,
        period=period(begins),
    )
    session.add(said)
    await flush_or_refuse(session, _TAKEN)
    act.record(
        session,
        "rule.say",
        "organisation",
        organisation.id,
        organisation_no=organisation.no,
        before=_facts(before) if before else None,
        after={**_facts(said), "since": begins.isoformat()},
    )
    await session.flush()
    return said


async def unsay(
    session: AsyncSession,
    act: Act,
    *,
    organisation: Organisation,
    key: RuleKey,
    until: datetime | None = None,
) -> None:
    """Let the organisation inherit from `until` (default: now) on. Raises NothingSaid."""
    stops = until or act.now
    await lock(session, [organisation.no])
    before = await _stop(session, organisation.no, key, stops)
    if before is None:
        raise NothingSaid
    act.record(
        session,
        "rule.end",
        "organisation",
        organisation.id,
        organisation_no=organisation.no,
        before=_facts(before),
        after={"key": key, "until": stops.isoformat()},
    )
    await session.flush()


async def _stop(
    session: AsyncSession, organisation_no: int, key: RuleKey, at: datetime
) -> RuleValue | None:
    """End the value in force at `at`, which began before. Raises LaterRuleValue."""
    said = await store.value_in_force(session, organisation_no, key, at)
    if said is None:
        return None
    if said.period.upper is not None or (said.period.lower or at) >= at:
        raise LaterRuleValue
    said.period = Range(said.period.lower, at, bounds="[)")
    await session.flush()
    return said


def _facts(said: RuleValue) -> dict[str, object]:
    return {
        "key": said.key,
        "version": said.version,
        "value": said.value,
        "open_below": said.open_below,
    }
