"""Requests, orders and filings as spreadsheets; they go out only."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import exists, func
from sqlalchemy.orm import aliased

from dispatch.orders.states import OrderState
from dispatch.requests.states import RequestState
from dispatch.tables import Filing, MissionRide, Order, OrderRequest, Request
from dispatch.words import PURPOSE_LABEL, SERVICE_LABEL, FilingKind, OrderKind
from fleet.exchange.kinds import Code, Flag, Instant, OrganisationName, Scaled, Text, Whole
from fleet.exchange.labels import labelled
from fleet.exchange.sheets import Column, Rows, Sheet
from fleet.permissions import Permission
from fleet.tables import Driver, Person, Vehicle

ORDER_STATE = labelled(
    OrderState, "已派车 已接单 已出车 已到达 返程中 已收车 待确认 已归档 已取消 已中断"
)
# After assignment a request's states are those of its order.
REQUEST_STATE = {
    RequestState.DRAFT.value: "草稿",
    RequestState.UNIT_REVIEW.value: "待单位审核",
    RequestState.SENT_BACK.value: "退回修改",
    RequestState.REJECTED.value: "不予批准",
    RequestState.AWAITING_DISPATCH.value: "待派车",
    RequestState.WITHDRAWN.value: "已撤回",
    **ORDER_STATE,
}
PURPOSE = {word.value: label for word, label in PURPOSE_LABEL.items()}
SERVICE = {word.value: label for word, label in SERVICE_LABEL.items()}
ORDER_KIND = labelled(OrderKind, "用车 车务派车")
FILING_KIND = labelled(FilingKind, "非定点停放 夜间在外 封存期间用车 终端报停 其他")
_KM = Scaled(3, Decimal(0), Decimal(10_000_000))
_PASSENGER, _DRIVING = aliased(Person), aliased(Person)


def _around_request(statement: Rows, _now: datetime) -> Rows:
    # Missions are for the people named in them, and no file is.
    mission = exists().where(MissionRide.request_id == Request.id)
    return (
        statement.where(~mission)
        .join(Person, Person.no == Request.applicant_no)
        .join(_PASSENGER, _PASSENGER.no == Request.passenger_no)
    )


def _around_order(statement: Rows, _now: datetime) -> Rows:
    mission = exists().where(
        OrderRequest.order_id == Order.id, MissionRide.request_id == OrderRequest.request_id
    )
    return (
        statement.where(~mission)
        .outerjoin(Vehicle, Vehicle.no == Order.vehicle_no)
        .outerjoin(Driver, Driver.no == Order.driver_no)
        .outerjoin(_DRIVING, _DRIVING.no == Driver.person_no)
        .join(Person, Person.no == Order.dispatcher_no)
    )


def _around_filing(statement: Rows, _now: datetime) -> Rows:
    return statement.join(Vehicle, Vehicle.no == Filing.vehicle_no).join(
        Person, Person.no == Filing.filed_by_no
    )


REQUESTS = Sheet(
    name="requests",
    zh="用车申请",
    en="Requests",
    table=Request,
    columns=(
        Column("unit", "用车单位", "Unit", OrganisationName(), Request.organisation_no),
        Column("applicant", "申请人", "Applicant", Text(), Person.name),
        Column("passenger", "用车人", "Passenger", Text(), _PASSENGER.name),
        Column("passengers", "乘车人数", "Passengers", Whole(0, 100), Request.passengers),
        Column("purpose", "用车事由", "Purpose", Code(PURPOSE), Request.purpose),
        Column("purpose_text", "事由说明", "Purpose in words", Text(), Request.purpose_text),
        Column("start", "开始时间", "Start", Instant(), func.lower(Request.period)),
        Column("end", "结束时间", "End", Instant(), func.upper(Request.period)),
        Column("origin", "出发地", "Origin", Text(), Request.origin_name),
        Column("destination", "目的地", "Destination", Text(), Request.destination_name),
        Column("round_trip", "往返", "Round trip", Flag(), Request.round_trip),
        Column("may_share", "可合乘", "May share", Flag(), Request.may_share),
        Column("state", "状态", "State", Code(REQUEST_STATE), Request.state),
        Column("state_reason", "状态说明", "Why in this state", Text(), Request.state_reason),
        Column("recorded_at", "提交时间", "Recorded at", Instant(), Request.recorded_at),
    ),
    read=Permission.REQUEST_READ,
    owner=Request.organisation_no,
    joins=_around_request,
    key=(),
    order=(Request.id.desc(),),
    search=(Person.name, _PASSENGER.name),
    people=True,
)

ORDERS = Sheet(
    name="orders",
    zh="派车任务",
    en="Orders",
    table=Order,
    columns=(
        Column("unit", "用车单位", "Unit", OrganisationName(), Order.organisation_no),
        Column("kind", "种类", "Kind", Code(ORDER_KIND), Order.kind),
        Column("service_kind", "车务", "Service", Code(SERVICE), Order.service_kind),
        Column("plate", "号牌号码", "Plate", Text(), Vehicle.plate),
        Column("driver", "驾驶员", "Driver", Text(), _DRIVING.name),
        Column("dispatcher", "调度员", "Dispatcher", Text(), Person.name),
        Column("start", "开始时间", "Start", Instant(), func.lower(Order.period)),
        Column("end", "结束时间", "End", Instant(), func.upper(Order.period)),
        Column("cross_unit", "跨单位统一调度", "Cross-unit", Flag(), Order.cross_unit),
        Column("state", "状态", "State", Code(ORDER_STATE), Order.state),
        Column("departed_at", "出车时间", "Departed at", Instant(), Order.departed_at),
        Column("returned_at", "收车时间", "Returned at", Instant(), Order.returned_at),
        Column(
            "odometer_out_m", "出车里程表（公里）", "Odometer out (km)", _KM, Order.odometer_out_m
        ),
        Column("odometer_in_m", "收车里程表（公里）", "Odometer in (km)", _KM, Order.odometer_in_m),
    ),
    read=Permission.ORDER_READ,
    owner=Order.organisation_no,
    joins=_around_order,
    key=(),
    order=(Order.id.desc(),),
    search=(Vehicle.plate, _DRIVING.name),
    people=True,
)

FILINGS = Sheet(
    name="filings",
    zh="报备",
    en="Filings",
    table=Filing,
    columns=(
        Column("unit", "用车单位", "Unit", OrganisationName(), Filing.organisation_no),
        Column("plate", "号牌号码", "Plate", Text(), Vehicle.plate),
        Column("kind", "种类", "Kind", Code(FILING_KIND), Filing.kind),
        Column("start", "开始时间", "Start", Instant(), func.lower(Filing.period)),
        Column("end", "结束时间", "End", Instant(), func.upper(Filing.period)),
        Column("reason", "理由", "Reason", Text(), Filing.reason),
        Column("place", "地点", "Place", Text(), Filing.place_name),
        Column("filed_by", "报备人", "Filed by", Text(), Person.name),
        Column("accepted_at", "受理时间", "Accepted at", Instant(), Filing.accepted_at),
        Column("withdrawn_at", "撤回时间", "Withdrawn at", Instant(), Filing.withdrawn_at),
    ),
    read=Permission.FILING_READ,
    owner=Filing.organisation_no,
    joins=_around_filing,
    key=(),
    order=(Filing.id.desc(),),
    search=(Vehicle.plate,),
    people=True,
)

SHEETS = (REQUESTS, ORDERS, FILINGS)
