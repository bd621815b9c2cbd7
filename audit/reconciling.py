"""Findings are versions: one that still holds stays, a changed one is superseded, never edited."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from audit.rules import Rule
from audit.rules.drafts import FindingDraft
from audit.tables import Finding
from kit.ids import new_id

SUSPECTED = "suspected"


async def reconcile(
    session: AsyncSession,
    vehicle_no: int,
    rule: Rule,
    day: date,
    drafts: Sequence[FindingDraft],
    version_id: UUID | None,
    now: datetime,
) -> None:
    """Make the current findings of a vehicle, rule and day those that were drafted now.

    `version_id` is the rule's version; None only where nothing was drafted.
    """
    subjects = {draft.subject for draft in drafts}
    standing = await _standing(session, vehicle_no, rule, day, subjects)
    wanted = [_row(vehicle_no, draft, version_id) for draft in drafts if version_id]
    fresh = [row for row in wanted if not any(_says_the_same(row, old) for old in standing)]
    for old in standing:
        if any(_says_the_same(row, old) for row in wanted):
            continue
        old.superseded_at = now
        old.superseded_by = _successor(old, fresh)
    # The old version leaves the index of current findings before the new one enters it.
    await session.flush()
    session.add_all(fresh)
    await session.flush()


async def _standing(
    session: AsyncSession, vehicle_no: int, rule: Rule, day: date, subjects: Collection[str]
) -> list[Finding]:
    # A run whose first position moves across midnight keeps its subject and changes its day.
    query = select(Finding).where(
        Finding.rule == rule,
        Finding.vehicle_no == vehicle_no,
        Finding.superseded_at.is_(None),
        or_(Finding.day == day, Finding.subject.in_(subjects)),
    )
    return list(await session.scalars(query.order_by(Finding.id)))


def _row(vehicle_no: int, draft: FindingDraft, version_id: UUID) -> Finding:
    return Finding(
        id=new_id(),
        rule=draft.rule,
        rule_version_id=version_id,
        vehicle_no=vehicle_no,
        organisation_no=draft.organisation_no,
        subject=draft.subject,
        day=draft.day,
        period=Range(draft.start, draft.end, bounds="[)"),
        trip_id=draft.trip_id,
        figures=draft.figures,
        counter_evidence=[
            {"code": counter.code, "sentence": counter.sentence}
            for counter in draft.counter_evidence
        ],
        state=SUSPECTED,
    )


def _says_the_same(new: Finding, old: Finding) -> bool:
    return _judged(new) == _judged(old)


def _judged(finding: Finding) -> tuple[object, ...]:
    return (
        finding.subject,
        finding.rule_version_id,
        finding.organisation_no,
        finding.day,
        finding.period.lower,
        finding.period.upper,
        finding.trip_id,
        finding.figures,
        finding.counter_evidence,
    )


def _successor(old: Finding, fresh: Sequence[Finding]) -> UUID | None:
    """Return what takes the old finding's place: its subject anew, or else what overlaps it."""
    same = [new.id for new in fresh if new.subject == old.subject]
    overlapping = [new.id for new in fresh if new.period.overlaps(old.period)]
    return next(iter([*same, *overlapping]), None)
