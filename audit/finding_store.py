"""Reading findings: lists and single ones, each only inside the reader's scope."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from audit.rules import Rule
from audit.tables import Finding, RuleVersion
from fleet.tables import Vehicle


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings are wanted; None and an open period leave a matter out."""

    organisation_nos: Collection[int]
    rule: Rule | None = None
    vehicle_id: UUID | None = None
    start: datetime | None = None
    end: datetime | None = None
    state: str | None = None
    superseded: bool = False


Found = tuple[Finding, int]


async def list_findings(
    session: AsyncSession, wanted: FindingFilter, after: tuple[date, UUID] | None, limit: int
) -> Sequence[Found]:
    """Return findings with their rule's version number, the newest day first."""
    query = _with_version().where(*_conditions(wanted))
    if after is not None:
        query = query.where(tuple_(Finding.day, Finding.id) < after)
    query = query.order_by(Finding.day.desc(), Finding.id.desc()).limit(limit)
    return [(finding, version) for finding, version in await session.execute(query)]


async def find_finding(
    session: AsyncSession, finding_id: UUID, organisation_nos: Collection[int]
) -> Found | None:
    """Return a finding, current or superseded, None if it isn't within these organisations."""
    query = _with_version().where(
        Finding.id == finding_id, Finding.organisation_no.in_(organisation_nos)
    )
    row = (await session.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None


def _with_version() -> Select[Finding, int]:
    return select(Finding, RuleVersion.version).join(
        RuleVersion, RuleVersion.id == Finding.rule_version_id
    )


def _conditions(wanted: FindingFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Finding.organisation_no.in_(wanted.organisation_nos)]
    if not wanted.superseded:
        conditions.append(Finding.superseded_at.is_(None))
    if wanted.rule is not None:
        conditions.append(Finding.rule == wanted.rule)
    if wanted.state is not None:
        conditions.append(Finding.state == wanted.state)
    if wanted.vehicle_id is not None:
        vehicle = select(Vehicle.no).where(Vehicle.id == wanted.vehicle_id)
        conditions.append(Finding.vehicle_no.in_(vehicle))
    if wanted.start is not None or wanted.end is not None:
        period = Range(wanted.start, wanted.end, bounds="[)")
        conditions.append(Finding.period.overlaps(period))
    return conditions
