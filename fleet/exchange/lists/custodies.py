"""What is in custody as a spreadsheet, with its holder of the moment; it goes out only."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import aliased

from fleet.custody.tables import Custody, CustodyItem
from fleet.custody.words import CustodyKind
from fleet.exchange.kinds import Code, Instant, OrganisationName, Text
from fleet.exchange.sheets import Column, Rows, Sheet
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


CUSTODIES = Sheet(
    name="custodies",
    zh="领用登记",
    en="Custodies",
    table=CustodyItem,
    columns=(
        Column("unit", "用车单位", "Unit", OrganisationName(), VehicleUnit.organisation_no),
        Column("plate", "号牌号码", "Plate", Text(), Vehicle.plate),
        Column("kind", "种类", "Kind", Code(CUSTODY_KIND), CustodyItem.kind),
        Column("label", "名称", "Label", Text(), CustodyItem.label),
        Column(
            "holder",
            "持有人",
            "Holder",
            Text(),
            func.coalesce(Person.name, Place.name, _HOLDER.name),
        ),
        Column("since", "领用时间", "Since", Instant(), func.lower(Custody.period)),
        Column("ended_at", "注销时间", "Ended at", Instant(), CustodyItem.ended_at),
    ),
    read=Permission.CUSTODY_READ,
    owner=VehicleUnit.organisation_no,
    joins=_joins,
    key=(),
    order=(Vehicle.plate, CustodyItem.kind),
    search=(Vehicle.plate, Person.name),
    people=True,
)
