"""Doors of audit (监督核查): findings, rules and reports."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from audit import finding_service, report_service
from audit.finding_store import FindingFilter
from audit.publicity_xlsx import MEDIA_TYPE
from audit.rules import Rule
from audit.schemas import (
    ExplainedReport,
    FindingItem,
    FindingPage,
    InstantOrDay,
    PublicityReport,
    PublicityRowOut,
    RuleList,
)
from dispatch.schemas import NamedRef
from fleet.access import Actor, Allow
from fleet.permissions import Permission
from kit.paging import MAX_LIMIT
from kit.web import Address, DbSession, Now

router = APIRouter(tags=["audit"])

FindingReader = Annotated[Actor, Allow(Permission.FINDING_READ)]
ReportReader = Annotated[Actor, Allow(Permission.REPORT_READ, costly=True)]
RuleReader = Annotated[Actor, Allow(Permission.RULE_READ)]


@router.get("/findings")
async def list_findings(
    actor: FindingReader,
    session: DbSession,
    now: Now,
    rule: Rule | None = None,
    organisation_id: UUID | None = None,
    vehicle_id: UUID | None = None,
    start: InstantOrDay | None = None,
    end: InstantOrDay | None = None,
    state: Literal["suspected"] | None = None,
    superseded: bool = False,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> FindingPage:
    """Findings whose period reaches into [start, end), the newest day first.

    An organisation stands for all below it. `superseded` adds those that no longer stand.
    """
    wanted = FindingFilter(
        organisation_nos=(),
        rule=rule,
        vehicle_id=vehicle_id,
        start=start,
        end=end,
        state=state,
        superseded=superseded,
    )
    return await finding_service.finding_page(
        session, actor, wanted, organisation_id, cursor, limit, now
    )


@router.get("/findings/{finding_id}")
async def get_finding(actor: FindingReader, session: DbSession, finding_id: UUID) -> FindingItem:
    """One finding; a superseded one stays readable, because others may cite it."""
    return await finding_service.one_finding(session, actor, finding_id)


@router.get("/rules")
async def list_rules(_actor: RuleReader, session: DbSession, now: Now) -> RuleList:
    """Every version of every rule, with its thresholds and the period in which it was in force."""
    return await finding_service.rule_list(session, now)


@router.get("/reports/explained")
async def get_explained_report(
    actor: ReportReader,
    session: DbSession,
    now: Now,
    start: InstantOrDay,
    end: InstantOrDay,
    organisation_id: UUID | None = None,
) -> ExplainedReport:
    """Explained kilometres of the Shanghai days that [start, end) touches."""
    return await report_service.explained_report(session, actor, start, end, organisation_id, now)


@router.get("/reports/publicity")
async def get_publicity_report(
    actor: ReportReader,
    session: DbSession,
    now: Now,
    month: Annotated[str, Query(max_length=20)],
    organisation_id: UUID | None = None,
) -> PublicityReport:
    """The publicity of a unit's month (YYYY-MM), for inside the unit."""
    unit, report = await report_service.publicity_report(
        session, actor, month, organisation_id, now
    )
    return PublicityReport(
        unit=NamedRef(id=unit.id, name=unit.name),
        month=report.month,
        rows=[
            PublicityRowOut(
                plate=row.plate,
                date=row.day,
                start=row.start,
                end=row.end,
                purpose_label=row.purpose_label,
                place=row.place,
                distance_m=row.distance_m,
            )
            for row in report.rows
        ],
        total_m=report.total_m,
        watermark=report.watermark,
    )


@router.get("/reports/publicity.xlsx", response_class=Response)
async def export_publicity_report(
    actor: ReportReader,
    session: DbSession,
    now: Now,
    address: Address,
    month: Annotated[str, Query(max_length=20)],
    organisation_id: UUID | None = None,
) -> Response:
    """The same as a spreadsheet with a watermark; the export is journalled."""
    content = await report_service.publicity_export(
        session, actor, month, organisation_id, now, address
    )
    name = f"publicity-{month}.xlsx"
    return Response(
        content,
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
