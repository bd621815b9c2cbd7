"""Mandates, standards, sealings, letters and legal holds as spreadsheets; they go out only."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import func
from sqlalchemy.orm import aliased

from fleet.exchange.kinds import Code, Flag, Instant, OrganisationName, Scaled, Text, Whole
from fleet.exchange.labels import CATEGORY, CONDITION, labelled
from fleet.exchange.sheets import Column, Rows, Sheet
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
        Column("holder", "持有机构", "Holder", Text(), _HOLDER.name),
        Column("over", "对象机构", "Over", Text(), _OVER.name),
        Column("matter", "事项", "Matter", Code(MATTER), Mandate.matter),
        Column("start", "开始时间", "Start", Instant(), func.lower(Mandate.period)),
        Column("end", "结束时间", "End", Instant(), func.upper(Mandate.period)),
    ),
    read=Permission.ORGANISATION_READ,
    owner=Mandate.over_no,
    owners=(Mandate.holder_no,),
    joins=_mandate,
    key=(),
    order=(Mandate.id,),
    search=(_HOLDER.name, _OVER.name),
)

STANDARDS = Sheet(
    name="standards",
    zh="配备标准",
    en="Standards",
    table=Standard,
    columns=(
        Column("set_by", "制定机构", "Set by", Text(), Organisation.name),
        Column("category", "用途类别", "Category", Code(CATEGORY), Standard.category),
        Column("condition", "适用情形", "Condition", Code(CONDITION), Standard.condition),
        Column("bodies", "车身类型（代码）", "Bodies (codes)", Text(), Standard.bodies),
        Column("new_energy", "新能源", "New energy", Flag(), Standard.new_energy),
        Column("price_fen", "价格上限（元）", "Highest price (yuan)",
               Scaled(2, Decimal(0), Decimal(100_000_000)), Standard.price_fen),
        Column("displacement_ml", "排量上限（毫升）", "Highest displacement (ml)",
               Whole(0, 30_000), Standard.displacement_ml),
        Column("source", "依据", "Source", Text(), Standard.source),
        Column("since", "生效时间", "Since", Instant(), func.lower(Standard.period)),
    ),
    read=Permission.STANDARD_READ,
    owner=Standard.organisation_no,
    shared=True,
    joins=_standard,
    key=(),
    order=(Standard.condition,),
    search=(Organisation.name, Standard.source),
)  # fmt: skip

SEALINGS = Sheet(
    name="sealings",
    zh="封存",
    en="Sealings",
    table=Sealing,
    columns=(
        Column("name", "名称", "Name", Text(), Sealing.name),
        Column("version", "版本", "Version", Whole(1, 10_000), Sealing.version),
        Column("organisation", "下达机构", "Ordered by", Text(), Organisation.name),
        Column("region_code", "行政区划代码", "Region", Text(), Sealing.region_code),
        Column("basis", "依据", "Basis", Text(), Sealing.basis),
        Column("start", "开始时间", "Start", Instant(), func.lower(Sealing.period)),
        Column("end", "结束时间", "End", Instant(), func.upper(Sealing.period)),
        Column("days", "适用日", "Days", Code(SEALED_DAYS), Sealing.days),
        Column("exempt", "豁免类别（代码）", "Exempt categories (codes)", Text(),
               func.array_to_string(Sealing.exempt_categories, "、")),
        Column("ended_at", "提前结束", "Ended early at", Instant(), Sealing.ended_at),
        Column("superseded_at", "被新版本替代", "Superseded at", Instant(), Sealing.superseded_at),
    ),
    read=Permission.SEALING_READ,
    owner=Sealing.organisation_no,
    above=True,
    joins=_sealing,
    key=(),
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
