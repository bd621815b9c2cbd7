"""Which version of a rule was in force when; the first versions are seeded at first use."""

from collections.abc import Sequence
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
from fleet.journal.recording import record
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


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Every version of every rule; at most one of a rule is in force at an instant."""

    versions: Sequence[RuleVersion]

    def moved_at(self, time: datetime) -> MovedRule | None:
        """Return the version of moved_without_order in force, None if there is none."""
        row = self._in_force(Rule.MOVED_WITHOUT_ORDER, time)
        return MovedRule(row.id, moved_thresholds(row.thresholds)) if row else None

    def night_at(self, time: datetime) -> NightRule | None:
        """Return the version of not_back_at_night in force, None if there is none."""
        row = self._in_force(Rule.NOT_BACK_AT_NIGHT, time)
        return NightRule(row.id, night_thresholds(row.thresholds)) if row else None

    def _in_force(self, rule: Rule, time: datetime) -> RuleVersion | None:
        rows = (v for v in self.versions if v.rule == rule and v.period.contains(time))
        return next(rows, None)


async def rule_book(session: AsyncSession, now: datetime) -> RuleBook:
    """Return the rules in order of rule and version, the first ones seeded if nobody has yet."""
    versions = await _all_versions(session)
    if _missing(versions):
        await _seed(session, now)
        versions = await _all_versions(session)
    return RuleBook(versions)


async def _all_versions(session: AsyncSession) -> list[RuleVersion]:
    query = select(RuleVersion).order_by(RuleVersion.rule, RuleVersion.version)
    return list(await session.scalars(query))


def _missing(versions: Sequence[RuleVersion]) -> list[Rule]:
    known = {version.rule for version in versions}
    return [rule for rule in Rule if rule not in known]


async def _seed(session: AsyncSession, now: datetime) -> None:
    # Whoever comes second finds the versions of the first.
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('audit.rule_version'))"))
    for rule in _missing(await _all_versions(session)):
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
