"""Use cases of findings (疑点) and of the rules that made them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from audit.finding_store import FindingFilter, Found, find_finding, list_findings
from audit.report_store import subtree
from audit.rule_versions import rule_book
from audit.rules import RULE_LABELS, Rule
from audit.schemas import CounterOut, FindingItem, FindingPage, RuleList, RuleVersionItem
from audit.tables import Finding
from dispatch.refs import Refs, load_refs
from dispatch.schemas import PeriodOut
from fleet.access import Actor
from fleet.errors import EmptyPeriod
from fleet.permissions import Permission
from kit.errors import NotFound
from kit.paging import BadCursor, decode_cursor, encode_cursor


async def finding_page(
    session: AsyncSession,
    actor: Actor,
    wanted: FindingFilter,
    organisation_id: UUID | None,
    cursor: str | None,
    limit: int,
    now: datetime,
) -> FindingPage:
    """Return a page of the findings in the actor's scope, the newest day first.

    Raises EmptyPeriod.
    """
    if wanted.start is not None and wanted.end is not None and wanted.start >= wanted.end:
        raise EmptyPeriod
    scope = actor.scope(Permission.FINDING_READ)
    if organisation_id is not None:
        scope &= await subtree(session, organisation_id, now)
    wanted = replace(wanted, organisation_nos=scope)
    found = await list_findings(session, wanted, _after(cursor), limit + 1)
    items = await _items(session, found[:limit])
    following = len(found) > limit
    return FindingPage(items=items, next_cursor=_cursor_of(items[-1]) if following else None)


async def one_finding(session: AsyncSession, actor: Actor, finding_id: UUID) -> FindingItem:
    """Return a finding, superseded ones included. Raises NotFound."""
    found = await find_finding(session, finding_id, actor.scope(Permission.FINDING_READ))
    if found is None:
        raise NotFound
    return (await _items(session, [found]))[0]


async def rule_list(session: AsyncSession, now: datetime) -> RuleList:
    """Return every version of every rule; the first ones are seeded if nobody has yet."""
    book = await rule_book(session, now)
    return RuleList(
        items=[
            RuleVersionItem(
                id=row.id,
                rule=Rule(row.rule),
                rule_label=RULE_LABELS[Rule(row.rule)],
                version=row.version,
                period=_period(row.period.lower, row.period.upper),
                thresholds=row.thresholds,
            )
            for row in book.versions
        ]
    )


async def _items(session: AsyncSession, found: Sequence[Found]) -> list[FindingItem]:
    refs = await load_refs(
        session,
        organisations={finding.organisation_no for finding, _ in found},
        vehicles={finding.vehicle_no for finding, _ in found},
    )
    return [_item(finding, version, refs) for finding, version in found]


def _item(finding: Finding, version: int, refs: Refs) -> FindingItem:
    return FindingItem(
        id=finding.id,
        rule=Rule(finding.rule),
        rule_label=RULE_LABELS[Rule(finding.rule)],
        rule_version=version,
        vehicle=refs.vehicles[finding.vehicle_no],
        unit=refs.organisations[finding.organisation_no],
        day=finding.day,
        period=_period(finding.period.lower, finding.period.upper),
        trip_id=finding.trip_id,
        figures=finding.figures,
        counter_evidence=[CounterOut.model_validate(c) for c in finding.counter_evidence],
        state="suspected",
        superseded_at=finding.superseded_at,
        superseded_by=finding.superseded_by,
    )


def _period(start: datetime | None, end: datetime | None) -> PeriodOut:
    assert start is not None
    return PeriodOut(start=start, end=end)


def _cursor_of(item: FindingItem) -> str:
    return encode_cursor([item.day.isoformat(), str(item.id)])


def _after(cursor: str | None) -> tuple[date, UUID] | None:
    key = decode_cursor(cursor, 2)
    if key is None:
        return None
    try:
        return date.fromisoformat(str(key[0])), UUID(str(key[1]))
    except ValueError as error:
        raise BadCursor from error
