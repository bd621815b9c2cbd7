"""What is in custody as a spreadsheet, with its holder of the moment."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from fleet.acts import Act
from fleet.custody.holding import Holder, add_item, shown_number
from fleet.custody.tables import Custody, CustodyItem
from fleet.custody.words import CustodyKind
from fleet.exchange.kinds import Code, Instant, OrganisationName, PlaceName, Text
from fleet.exchange.known import Known
from fleet.exchange.lists.account_names import AccountName
from fleet.exchange.lists.naming import find_people, find_vehicles
from fleet.exchange.lists.vehicles import Plate
from fleet.exchange.numbered import NumberedWriter, number_column
from fleet.exchange.plan import Plan, ReadRow
from fleet.exchange.reasons import Reason
from fleet.exchange.sheets import NUMBER, Column, Rows, Sheet
from fleet.lists import in_force
from fleet.organisations.tables import Organisation
from fleet.people.tables import Person
from fleet.permissions import Permission
from fleet.places.tables import Place
from fleet.vehicles.tables import Vehicle, VehicleUnit

CUSTODY_KIND = {
    CustodyKind.KEY.value: "钥匙",
    CustodyKind.VEHICLE_LICENCE.value: "行驶证",
    CustodyKind.FUEL_CARD.value: "加油卡",
    CustodyKind.ETC_CARD.value: "ETC 卡",
}
_HOLDER = aliased(Organisation)
_HOLDERS = ("username", "place", "organisation")
_ONE_HOLDER = Reason(
    "one-holder",
    "持有人账号、保管地点、保管机构须且只能填一个。",
    "Name one holder: a person, a place or an organisation.",
)
_THERE = Reason(
    "item-there",
    "此车已有同类同名的物品，请以名称区分。",
    "The vehicle has such an item already; tell them apart by their labels.",
)


def _joins(statement: Rows, now: datetime) -> Rows:
    return (
        statement.join(Vehicle, Vehicle.no == CustodyItem.vehicle_no)
        .join(
            VehicleUnit, (VehicleUnit.vehicle_no == Vehicle.no) & in_force(VehicleUnit.period, now)
        )
        .outerjoin(Custody, (Custody.item_no == CustodyItem.no) & in_force(Custody.period, now))
        .outerjoin(Person, Person.no == Custody.person_no)
        .outerjoin(Place, Place.no == Custody.place_no)
        .outerjoin(_HOLDER, _HOLDER.no == Custody.organisation_no)
    )


class CustodyWriter(NumberedWriter):
    """Enters items with their first holder."""

    async def check(self, session: AsyncSession, known: Known, plan: Plan, /) -> None:
        """Find vehicles and holders, and refuse items that are entered already."""
        for one in plan.additions:
            if sum(one.row.values.get(name) is not None for name in _HOLDERS) != 1:
                plan.refuse(one.row, "username", _ONE_HOLDER)
        await find_vehicles(session, known, plan, Permission.CUSTODY_WRITE)
        await find_people(session, known, plan, Permission.CUSTODY_WRITE)
        plates = {str(one.row.values["plate"]) for one in plan.additions}
        rows = await session.execute(
            select(Vehicle.plate, CustodyItem.kind, CustodyItem.label)
            .join(Vehicle, Vehicle.no == CustodyItem.vehicle_no)
            .where(
                Vehicle.plate.in_(plates),
                Vehicle.withdrawn_at.is_(None),
                CustodyItem.ended_at.is_(None),
            )
        )
        there: set[tuple[object, ...]] = {(plate, kind, label) for plate, kind, label in rows}
        for one in plan.additions:
            values = one.row.values
            key = (values["plate"], values["kind"], values.get("label"))
            if ("vehicle", values["plate"]) in known.resolved and key in there:
                plan.refuse(one.row, "label", _THERE)
            there.add(key)

    async def add(self, session: AsyncSession, act: Act, known: Known, row: ReadRow, /) -> None:
        """Enter an item."""
        values, holder = row.values, await self._holder(session, known, row)
        label, number = values.get("label"), values.get("number")
        await add_item(
            session,
            act,
            vehicle=await session.get_one(Vehicle, known.resolved["vehicle", values["plate"]]),
            organisation_no=known.resolved["unit", values["plate"]],
            kind=CustodyKind(str(values["kind"])),
            label=str(label) if label else None,
            number=str(number) if number else None,
            holder=holder,
            note=None,
        )

    @staticmethod
    async def _holder(session: AsyncSession, known: Known, row: ReadRow) -> Holder:
        values = row.values
        if (username := values.get("username")) is not None:
            return Holder(await session.get_one(Person, known.resolved["person", username]))
        if (place := values.get("place")) is not None:
            return Holder(await session.get_one(Place, place))
        return Holder(await session.get_one(Organisation, values["organisation"]))


class _Tail(Text):
    """A number of which only the end is shown."""

    __slots__ = ()

    def show(self, value: object, _known: Known) -> str:
        return shown_number(str(value)) or ""


CUSTODIES = Sheet(
    name="custodies",
    zh="领用登记",
    en="Custodies",
    table=CustodyItem,
    columns=(
        number_column(CustodyItem.id),
        Column(
            "unit", "用车单位", "Unit", OrganisationName(), VehicleUnit.organisation_no,
            written=False,
        ),
        Column(
            "plate", "号牌号码", "Plate", Plate(), Vehicle.plate, required=True, quoted=False,
            example="京A12345",
        ),
        Column(
            "kind", "种类", "Kind", Code(CUSTODY_KIND), CustodyItem.kind, required=True,
            example="钥匙",
        ),
        Column(
            "label", "名称", "Label", Text(50), CustodyItem.label, example="备用",
            note="同一车辆同类的几件以名称区分",
        ),
        Column(
            "number", "号码", "Number of the item",
            _Tail(32, r"[0-9A-Za-z][0-9A-Za-z -]{0,31}",
                  ("应为字母、数字。", "It has letters and digits.")),
            CustodyItem.number, masked=True, quoted=False, keeps=True, note="只显示末几位",
        ),
        Column(
            "username", "持有人账号", "Holder's username", AccountName(), Person.username,
            example="zhangsan", note="持有人、保管地点、保管机构填其一",
        ),
        Column("place", "保管地点", "Place", PlaceName(), Custody.place_no),
        Column(
            "organisation", "保管机构", "Organisation", OrganisationName(),
            Custody.organisation_no,
        ),
        Column(
            "holder",
            "持有人",
            "Holder",
            Text(),
            func.coalesce(Person.name, Place.name, _HOLDER.name),
            written=False,
        ),
        Column(
            "since", "领用时间", "Since", Instant(), func.lower(Custody.period), written=False
        ),
        Column("ended_at", "注销时间", "Ended at", Instant(), CustodyItem.ended_at, written=False),
    ),
    read=Permission.CUSTODY_READ,
    owner=VehicleUnit.organisation_no,
    joins=_joins,
    write=Permission.CUSTODY_WRITE,
    writer=CustodyWriter(),
    key=(NUMBER,),
    order=(Vehicle.plate, CustodyItem.kind),
    search=(Vehicle.plate, Person.name),
    people=True,
)  # fmt: skip
