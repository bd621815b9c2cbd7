"""Findings as a spreadsheet; they go out only, and only those that no newer one supersedes."""

from datetime import datetime

from sqlalchemy import func

from audit.rules import Rule
from audit.tables import Finding
from fleet.exchange.kinds import Code, Day, Instant, OrganisationName, Text
from fleet.exchange.labels import labelled
from fleet.exchange.sheets import Column, Rows, Sheet
from fleet.permissions import Permission
from fleet.tables import Vehicle

RULE = labelled(Rule, "无派车任务行驶 夜间未回定点停放点")


def _joins(statement: Rows, _now: datetime) -> Rows:
    return statement.join(Vehicle, Vehicle.no == Finding.vehicle_no).where(
        Finding.superseded_at.is_(None)
    )


FINDINGS = Sheet(
    name="findings",
    zh="疑点",
    en="Findings",
    table=Finding,
    columns=(
        Column("day", "日期", "Day", Day(), Finding.day),
        Column("rule", "规则", "Rule", Code(RULE), Finding.rule),
        Column("unit", "用车单位", "Unit", OrganisationName(), Finding.organisation_no),
        Column("plate", "号牌号码", "Plate", Text(), Vehicle.plate),
        Column("start", "开始时间", "Start", Instant(), func.lower(Finding.period)),
        Column("end", "结束时间", "End", Instant(), func.upper(Finding.period)),
    ),
    read=Permission.FINDING_READ,
    owner=Finding.organisation_no,
    joins=_joins,
    key=(),
    order=(Finding.day.desc(),),
    search=(Vehicle.plate,),
    people=True,
)

SHEETS = (FINDINGS,)
