"""Vehicles as a spreadsheet."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, literal, select
from sqlalchemy.orm import aliased

from fleet.exchange import labels
from fleet.exchange.cells import Cell, text_in
from fleet.exchange.kinds import Code, Day, OrganisationName, PlaceName, Scaled, Text, Whole
from fleet.exchange.known import Known
from fleet.exchange.lists.vehicle_reasons import withhold
from fleet.exchange.lists.vehicle_writer import VehicleWriter
from fleet.exchange.reasons import BY_ITS_OWN_ACT, CellRefused, Reason, bad_form
from fleet.exchange.sheets import Column, Rows, Sheet
from fleet.lists import in_force
from fleet.organisations.tables import Organisation
from fleet.permissions import Permission
from fleet.terminals.tables import Terminal, VehicleTerminal
from fleet.vehicles.plates import BadPlate, PolicePlateRefused, read_plate
from fleet.vehicles.tables import Vehicle, VehicleUnit
from fleet.vehicles.words import Condition, Marking, Secrecy

_ASSET = Permission.VEHICLE_ASSET_READ
_BAD_PLATE = bad_form("不是号牌号码。", "This is not the form of a number plate.")
_NEAR_PLATE = Reason(
    "near-plate",
    "号牌中没有字母 O 和 I，是否应为数字 0、1？",
    "Plates have no letters O and I; are the digits 0 and 1 meant?",
)
_LOOK_ALIKES = str.maketrans("OI", "01")


@dataclass(frozen=True, slots=True)
class Plate:
    """A number plate, in its one stored form."""

    note: str = "号牌号码，如 京A12345；新能源为 8 位"
    choices: tuple[str, ...] = ()

    def read(self, cell: Cell, known: Known) -> str:
        """Return the plate."""
        text = text_in(cell)
        demo, police_o = known.settings.demo, known.settings.police_plates
        try:
            return read_plate(text, demo=demo, police_o=police_o)
        except PolicePlateRefused as error:
            raise CellRefused(bad_form("不接受这种号牌。", error.title())) from error
        except BadPlate as error:
            raise CellRefused(_NEAR_PLATE if _is_near(text, demo) else _BAD_PLATE) from error

    def show(self, value: object, _known: Known) -> str:
        """Show the plate."""
        return str(value)


def _is_near(text: str, demo: bool) -> bool:
    """Return whether it is a plate once letters that plates don't have are taken for digits."""
    try:
        read_plate(text[:2] + text[2:].upper().translate(_LOOK_ALIKES), demo=demo)
    except (BadPlate, PolicePlateRefused):
        return False
    return True


def _joins(statement: Rows, now: datetime) -> Rows:
    return (
        statement.join(
            VehicleUnit, (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now)
        )
        .join(Organisation, Organisation.no == VehicleUnit.organisation_no)
        .outerjoin(
            VehicleTerminal,
            (VehicleTerminal.vehicle_no == Vehicle.no)
            & VehicleTerminal.is_primary
            & in_force(VehicleTerminal.period, now),
        )
        .outerjoin(Terminal, Terminal.no == VehicleTerminal.terminal_no)
        .where(Vehicle.withdrawn_at.is_(None))
    )


_USE = aliased(VehicleUnit)
# A vehicle that moves to another base of its unit is still in the same use.
_SINCE = (
    select(func.min(func.lower(_USE.period)))
    .where(_USE.vehicle_no == Vehicle.no, _USE.organisation_no == VehicleUnit.organisation_no)
    .correlate(Vehicle, VehicleUnit)
    .scalar_subquery()
)

_IDENTITY = (
    Column(
        "plate", "号牌号码", "Plate", Plate(), Vehicle.plate,
        required=True, quoted=False, example="京A12345",
    ),
    Column(
        "plate_colour", "号牌颜色", "Plate colour", Code(labels.PLATE_COLOUR), Vehicle.plate_colour,
        required=True, example="蓝",
    ),
    Column(
        "unit", "用车单位", "Unit", OrganisationName(), VehicleUnit.organisation_no,
        required=True, fixed=BY_ITS_OWN_ACT, example="甲局", note="已登记车辆的调拨请在系统中办理",
    ),
    Column(
        "base", "定点停放点", "Base", PlaceName(), VehicleUnit.base_no,
        example="甲局停车场",
    ),
    Column(
        "vin", "车辆识别代号", "VIN",
        Text(17, r"[A-HJ-NPR-Z0-9]{17}", ("应为 17 位，不含 I、O、Q。",
             "It has 17 characters without I, O and Q."), upper=True),
        Vehicle.vin, needs=_ASSET, example="LSVAA49J132047371",
    ),
    Column("model", "品牌型号", "Model", Text(100), Vehicle.model, required=True, example="轿车"),
    Column(
        "category", "用途类别", "Category", Code(labels.CATEGORY), Vehicle.category,
        required=True, example="其他",
    ),
    Column(
        "use_type", "用途细类", "Use type",
        Text(40, r"[a-z][a-z0-9_]{0,39}", ("应为细类的代码。", "It is the code of a use type.")),
        Vehicle.use_type, note="代码，见本单位的用途细类表",
    ),
    Column(
        "holding", "保有方式", "Holding", Code(labels.HOLDING), Vehicle.holding,
        required=True, example="保留车辆",
    ),
)  # fmt: skip

_BUILD = (
    Column("seats", "核定载客（人）", "Seats", Whole(1, 80), Vehicle.seats,
           required=True, example="5"),
    Column("energy", "能源类型", "Energy", Code(labels.ENERGY), Vehicle.energy,
           required=True, example="汽油"),
    Column("body", "车身类型", "Body", Code(labels.BODY), Vehicle.body, example="轿车"),
    Column("engine_number", "发动机号", "Engine number", Text(30, r"[A-Za-z0-9*\-]{1,30}"),
           Vehicle.engine_number,
           needs=_ASSET, example="A1234567"),
    Column("displacement_ml", "排量（毫升）", "Displacement (ml)", Whole(0, 30_000),
           Vehicle.displacement_ml, example="1598"),
    Column("tank_l", "油箱容积（升）", "Tank (l)", Whole(0, 2_000), Vehicle.tank_l, example="50"),
    Column("battery_kwh", "电池容量（千瓦时）", "Battery (kWh)", Whole(0, 2_000),
           Vehicle.battery_kwh),
    Column("norm_ml_per_100km", "百公里油耗定额（升）", "Norm of fuel (l/100 km)",
           Scaled(3, Decimal(0), Decimal(200)), Vehicle.norm_ml_per_100km, example="8.5"),
    Column("norm_wh_per_100km", "百公里电耗定额（千瓦时）", "Norm of electricity (kWh/100 km)",
           Scaled(3, Decimal(0), Decimal(1000)), Vehicle.norm_wh_per_100km),
)  # fmt: skip

_PAPERS = (
    Column("price_fen", "购置价（元）", "Price (yuan)",
           Scaled(2, Decimal(0), Decimal(100_000_000)), Vehicle.price_fen,
           needs=_ASSET, example="179800.00"),
    Column("funding", "购置经费来源", "Funding", Code(labels.FUNDING), Vehicle.funding,
           needs=_ASSET, example="财政预算"),
    Column("purchase_date", "购置日期", "Purchased on", Day(), Vehicle.purchase_date,
           example="2024-03-01"),
    Column("condition", "配备条件", "Condition", Code(labels.CONDITION), Vehicle.condition,
           blank=Condition.NORMAL.value, example="一般"),
    Column("marking", "标识化", "Marking", Code(labels.MARKING), Vehicle.marking,
           blank=Marking.UNMARKED.value, example="已标识"),
    Column("marking_date", "标识日期", "Marked on", Day(), Vehicle.marking_date,
           example="2024-04-01"),
    Column("marking_basis", "免予标识依据", "Basis of exemption", Text(200), Vehicle.marking_basis),
    Column("since", "使用起始日", "In use since", Day(), _SINCE,
           fixed=BY_ITS_OWN_ACT, example="2024-03-15", note="留空为导入当日"),
    Column("secrecy", "涉密", "Secrecy", Code(labels.SECRECY), literal(Secrecy.NONE.value),
           blank=Secrecy.NONE.value, quoted=False, example="非涉密",
           note="涉密车辆不得进入本系统，只能上报数量"),
    Column("state", "状态", "State", Code(labels.LIFE_STATE), Vehicle.state, written=False),
    Column("terminal", "车载终端", "Terminal", Text(20), Terminal.phone, written=False),
)  # fmt: skip

VEHICLES = Sheet(
    name="vehicles",
    zh="车辆",
    en="Vehicles",
    table=Vehicle,
    columns=(*_IDENTITY, *_BUILD, *_PAPERS),
    read=Permission.VEHICLE_READ,
    write=Permission.VEHICLE_WRITE,
    owner=VehicleUnit.organisation_no,
    joins=_joins,
    key=("plate", "plate_colour"),
    order=(Vehicle.plate,),
    writer=VehicleWriter(),
    withhold=withhold,
    search=(Vehicle.plate, Vehicle.model),
)
