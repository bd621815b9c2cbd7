"""Which version of a rule was in force when; the first versions are seeded at first use."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from audit.rules import Rule
from audit.rules.thresholds import (
    DEFAULTS,
    MovedThresholds,
    NightThresholds,
    moved_thresholds,
    night_thresholds,
    to_json,
)
from audit.tables import RuleVersion
from fleet.journal import record
from kit.clock import SHANGHAI
from kit.ids import new_id

# Before any record that this system can hold: what is imported later is judged as well.
SINCE = datetime(2000, 1, 1, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class MovedRule:
    """A version of moved_without_order."""

    version_id: UUID
    thresholds: MovedThresholds


@dataclass(frozen=True, slots=True)
class NightRule:
    """A version of not_back_at_night."""

    version_id: UUID
    thresholds: NightThresholds


async def moved_rule(session: AsyncSession, at: datetime) -> MovedRule | None:
    """Return the version of moved_without_order in force at an instant, None if there is none."""
    row = await _in_force(session, Rule.MOVED_WITHOUT_ORDER, at)
    return MovedRule(row.id, moved_thresholds(row.thresholds)) if row else None


async def night_rule(session: AsyncSession, at: datetime) -> NightRule | None:
    """Return the version of not_back_at_night in force at an instant, None if there is none."""
    row = await _in_force(session, Rule.NOT_BACK_AT_NIGHT, at)
    return NightRule(row.id, night_thresholds(row.thresholds)) if row else None


async def all_versions(session: AsyncSession) -> list[RuleVersion]:
    """Return every version of every rule, in order of rule and version."""
    query = select(RuleVersion).order_by(RuleVersion.rule, RuleVersion.version)
    return list(await session.scalars(query))


async def ensure_rule_versions(session: AsyncSession, now: datetime) -> None:
    """Seed the first version of each rule that has none, and journal it."""
    if not await _missing(session):
        return
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('audit.rule_version'))"))
    for rule in await _missing(session):
        row = RuleVersion(
            id=new_id(),
            rule=rule,
            version=1,
            period=Range(SINCE, None, bounds="[)"),
            thresholds=to_json(DEFAULTS[rule]),
        )
        session.add(row)
        record(
            session,
            actor=None,
            action="rule.seed",
            object_kind="rule_version",
            object_id=row.id,
            now=now,
            after={"rule": rule, "version": 1, "thresholds": row.thresholds},
        )
    await session.flush()


async def _missing(session: AsyncSession) -> list[Rule]:
    known = set(await session.scalars(select(RuleVersion.rule).distinct()))
    return [rule for rule in Rule if rule not in known]


async def _in_force(session: AsyncSession, rule: Rule, at: datetime) -> RuleVersion | None:
    query = select(RuleVersion).where(
        RuleVersion.rule == rule,
        RuleVersion.period.contains(at),
    )
    return (await session.scalars(query)).one_or_none()
