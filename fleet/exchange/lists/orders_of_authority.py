"""Mandates, standards and sealings as spreadsheets; letters and legal holds, which go out only."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import func
from sqlalchemy.orm import aliased

from fleet.calendar.regions import REGION_PATTERN
from fleet.exchange.kinds import (
    Code,
    Codes,
    Flag,
    Instant,
    OrganisationName,
    OrganisationOf,
    Scaled,
    Text,
    Whole,
)
from fleet.exchange.labels import BODY, CATEGORY, CONDITION, labelled
from fleet.exchange.lists.authority_writers import MandateWriter, SealingWriter, StandardWriter
from fleet.exchange.numbered import number_column
from fleet.exchange.sheets import NUMBER, Column, Rows, Sheet
from fleet.lists import in_force
from fleet.organisations.tables import Mandate, Organisation
from fleet.people.tables import Person
from fleet.permissions import Permission
from fleet.quotas.tables import Standard
from fleet.retention.tables import Hold
from fleet.sealings.tables import Sealing
from fleet.sealings.windows import SealedDays
from fleet.supervision.tables import SupervisionGrant
from fleet.supervision.words import IssuerKind
from fleet.vehicles.tables import Vehicle
from fleet.vehicles.words import Condition
from fleet.words import Matter

MATTER = labelled(Matter, "审批 调度 监督 主管")
SEALED_DAYS = labelled(SealedDays, "全期 放假日 放假日和周末")
ISSUER_KIND = labelled(IssuerKind, "纪检机关 审计机关")
_HOLDER, _OVER = aliased(Organisation), aliased(Organisation)


def _mandate(statement: Rows, _now: datetime) -> Rows:
    return statement.join(_HOLDER, _HOLDER.no == Mandate.holder_no).join(
        _OVER, _OVER.no == Mandate.over_no
    )


def _standard(statement: Rows, now: datetime) -> Rows:
    return statement.outerjoin(Organisation, Organisation.no == Standard.organisation_no).where(
        in_force(Standard.period, now)
    )


def _sealing(statement: Rows, _now: datetime) -> Rows:
    return statement.join(Organisation, Organisation.no == Sealing.organisation_no)


def _grant(statement: Rows, _now: datetime) -> Rows:
    return statement.join(Person, Person.no == SupervisionGrant.person_no)


def _hold(statement: Rows, _now: datetime) -> Rows:
    return statement.outerjoin(Vehicle, Vehicle.no == Hold.vehicle_no).outerjoin(
        Person, Person.no == Hold.person_no
    )


MANDATES = Sheet(
    name="mandates",
    zh="职权",
    en="Mandates",
    table=Mandate,
    columns=(
        number_column(Mandate.id),
        Column("holder", "持有机构", "Holder", OrganisationOf(), _HOLDER.name, required=True,
               example="甲局"),
        Column("over", "对象机构", "Over", OrganisationOf(), _OVER.name, required=True,
               example="甲局"),
        Column("matter", "事项", "Matter", Code(MATTER), Mandate.matter, required=True,
               example="审批"),
        Column("start", "开始时间", "Start", Instant(), func.lower(Mandate.period),
               note="留空为导入之时"),
        Column("end", "结束时间", "End", Instant(), func.upper(Mandate.period)),
    ),
    read=Permission.ORGANISATION_READ,
    owner=Mandate.over_no,
    owners=(Mandate.holder_no,),
    joins=_mandate,
    key=(NUMBER,),
    order=(Mandate.id,),
    write=Permission.MANDATE_WRITE,
    writer=MandateWriter(),
    search=(_HOLDER.name, _OVER.name),
)  # fmt: skip

STANDARDS = Sheet(
    name="standards",
    zh="配备标准",
    en="Standards",
    table=Standard,
    columns=(
        number_column(Standard.id),
        Column("set_by", "制定机构", "Set by", OrganisationOf(), Organisation.name, required=True,
               example="甲局", note="国家标准无制定机构，不通过导入增加"),
        Column("category", "用途类别", "Category", Code(CATEGORY), Standard.category,
               note="留空为所有类别"),
        Column("condition", "适用情形", "Condition", Code(CONDITION), Standard.condition,
               blank=Condition.NORMAL.value, example="一般"),
        Column("bodies", "车身类型", "Bodies", Codes(BODY), Standard.bodies, blank="",
               note="留空为所有车型"),
        Column("new_energy", "新能源", "New energy", Flag(), Standard.new_energy, blank=False,
               example="否"),
        Column("price_fen", "价格上限（元）", "Highest price (yuan)",
               Scaled(2, Decimal(0), Decimal(100_000_000)), Standard.price_fen, required=True,
               example="120000.00"),
        Column("displacement_ml", "排量上限（毫升）", "Highest displacement (ml)",
               Whole(0, 30_000), Standard.displacement_ml, example="1800"),
        Column("source", "依据", "Source", Text(200), Standard.source, required=True,
               example="示办发〔2026〕1号"),
        Column("since", "生效时间", "Since", Instant(), func.lower(Standard.period),
               note="留空为导入之时"),
    ),
    read=Permission.STANDARD_READ,
    owner=Standard.organisation_no,
    shared=True,
    joins=_standard,
    write=Permission.STANDARD_WRITE,
    writer=StandardWriter(),
    key=(NUMBER,),
    order=(Standard.condition,),
    search=(Organisation.name, Standard.source),
)  # fmt: skip

SEALINGS = Sheet(
    name="sealings",
    zh="封存",
    en="Sealings",
    table=Sealing,
    columns=(
        number_column(Sealing.id),
        Column("name", "名称", "Name", Text(100), Sealing.name, required=True,
               example="国庆假期封存"),
        Column("version", "版本", "Version", Whole(1, 10_000), Sealing.version, written=False),
        Column("organisation", "下达机构", "Ordered by", OrganisationOf(), Organisation.name,
               required=True, example="甲局"),
        Column("region_code", "行政区划代码", "Region",
               Text(6, REGION_PATTERN, ("应为 GB/T 2260 代码。", "It is a code of GB/T 2260.")),
               Sealing.region_code),
        Column("basis", "依据", "Basis", Text(200), Sealing.basis, required=True,
               example="示机管〔2026〕9号"),
        Column("start", "开始时间", "Start", Instant(), func.lower(Sealing.period), required=True,
               example="2026-10-01 00:00"),
        Column("end", "结束时间", "End", Instant(), func.upper(Sealing.period), required=True,
               example="2026-10-08 00:00"),
        Column("days", "适用日", "Days", Code(SEALED_DAYS), Sealing.days,
               blank=SealedDays.EVERY_DAY.value, example="全期"),
        Column("exempt", "豁免类别", "Exempt categories", Codes(CATEGORY),
               func.array_to_string(Sealing.exempt_categories, ","), blank=""),
        Column("ended_at", "提前结束", "Ended early at", Instant(), Sealing.ended_at,
               written=False),
        Column("superseded_at", "被新版本替代", "Superseded at", Instant(), Sealing.superseded_at,
               written=False),
    ),
    read=Permission.SEALING_READ,
    owner=Sealing.organisation_no,
    above=True,
    joins=_sealing,
    write=Permission.SEALING_WRITE,
    writer=SealingWriter(),
    key=(NUMBER,),
    order=(Sealing.id.desc(),),
    search=(Sealing.name,),
)  # fmt: skip

GRANTS = Sheet(
    name="grants",
    zh="外部监督授权",
    en="Grants",
    table=SupervisionGrant,
    columns=(
        Column("letter_no", "函件文号", "Letter", Text(), SupervisionGrant.letter_no),
        Column("issuer_kind", "发函机关类型", "Issuer", Code(ISSUER_KIND),
               SupervisionGrant.issuer_kind),
        Column("issuer_name", "发函机关", "Issuer's name", Text(), SupervisionGrant.issuer_name),
        Column("person", "监督人员", "Person", Text(), Person.name),
        Column("organisation", "对象机构", "Over", OrganisationName(),
               SupervisionGrant.organisation_no),
        Column("by_vehicle", "限指定车辆", "Single vehicles", Flag(), SupervisionGrant.by_vehicle),
        Column("matter", "事项", "Matter", Text(), SupervisionGrant.matter),
        Column("start", "开始时间", "Start", Instant(), func.lower(SupervisionGrant.period)),
        Column("end", "结束时间", "End", Instant(), func.upper(SupervisionGrant.period)),
        Column("ended_at", "提前结束", "Ended early at", Instant(), SupervisionGrant.ended_at),
    ),
    read=Permission.GRANT_READ,
    owner=SupervisionGrant.organisation_no,
    joins=_grant,
    key=(),
    order=(SupervisionGrant.id.desc(),),
    search=(SupervisionGrant.letter_no, Person.name),
    people=True,
)  # fmt: skip

HOLDS = Sheet(
    name="holds",
    zh="证据保全",
    en="Holds",
    table=Hold,
    columns=(
        Column("case_number", "案号", "Case", Text(), Hold.case_number),
        Column("reason", "理由", "Reason", Text(), Hold.reason),
        Column("organisation", "机构", "Organisation", OrganisationName(), Hold.organisation_no),
        Column("plate", "号牌号码", "Plate", Text(), Vehicle.plate),
        Column("person", "人员", "Person", Text(), Person.name),
        Column("start", "开始时间", "Start", Instant(), func.lower(Hold.period)),
        Column("end", "结束时间", "End", Instant(), func.upper(Hold.period)),
        Column("placed_at", "设立时间", "Placed at", Instant(), Hold.placed_at),
        Column("released_at", "解除时间", "Released at", Instant(), Hold.released_at),
    ),
    read=Permission.HOLD_READ,
    owner=Hold.organisation_no,
    joins=_hold,
    key=(),
    order=(Hold.id.desc(),),
    search=(Hold.case_number, Vehicle.plate),
    people=True,
)

SHEETS = (MANDATES, STANDARDS, SEALINGS, GRANTS, HOLDS)
