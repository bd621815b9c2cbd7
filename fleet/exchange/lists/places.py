"""Places as a spreadsheet; coordinates are WGS-84."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.exchange.kinds import Code, Degrees, OrganisationName, Text, Whole
from fleet.exchange.known import Extent, Known
from fleet.exchange.labels import PLACE_KIND
from fleet.exchange.plan import Alteration, ReadRow
from fleet.exchange.row_writer import RowWriter
from fleet.exchange.sheets import Column, Rows, Sheet
from fleet.names import sort_key
from fleet.organisations.tables import Organisation
from fleet.permissions import Permission
from fleet.places.places import add_place
from fleet.places.tables import Place
from fleet.places.watched import not_hidden, watched_scope
from fleet.words import PlaceKind


class PlaceWriter(RowWriter):
    """Adds places, and corrects what stands of them."""

    async def add(self, session: AsyncSession, act: Act, _known: Known, row: ReadRow) -> None:
        """Add a place to its organisation."""
        values = row.values
        await add_place(
            session,
            act,
            name=str(values["name"]),
            kind=PlaceKind(str(values["kind"])),
            organisation=await session.get_one(Organisation, values["organisation"]),
            latitude=_number(values["latitude"]),
            longitude=_number(values["longitude"]),
            radius_m=int(_number(values["radius_m"])),
        )

    async def change(
        self, session: AsyncSession, act: Act, _known: Known, alteration: Alteration
    ) -> None:
        """Set what differs; the journal keeps what it was."""
        place = await session.get_one(Place, alteration.stored.no, with_for_update=True)
        before = {name: alteration.stored.values[name] for name in alteration.columns}
        after = {name: alteration.row.values[name] for name in alteration.columns}
        for name, value in after.items():
            setattr(place, name, value)
        place.sort_key = sort_key(place.name)
        act.record(
            session,
            "place.change",
            "place",
            place.id,
            organisation_no=place.organisation_no,
            before=before,
            after=after,
        )


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return value


def _seen(extent: Extent) -> ColumnElement[bool] | None:
    return None if extent.actor is None else not_hidden(watched_scope(extent.actor))


def _joins(statement: Rows, _now: datetime) -> Rows:
    return statement


PLACES = Sheet(
    name="places",
    zh="地点",
    en="Places",
    table=Place,
    columns=(
        Column("name", "名称", "Name", Text(100), Place.name, required=True, example="甲局停车场"),
        Column(
            "organisation",
            "所属机构",
            "Organisation",
            OrganisationName(),
            Place.organisation_no,
            required=True,
            example="甲局",
        ),
        Column(
            "kind",
            "类型",
            "Kind",
            Code(PLACE_KIND),
            Place.kind,
            required=True,
            example="定点停放点",
        ),
        Column(
            "latitude",
            "纬度（WGS-84）",
            "Latitude (WGS-84)",
            Degrees(90),
            Place.latitude,
            required=True,
            example="39.9087000",
        ),
        Column(
            "longitude",
            "经度（WGS-84）",
            "Longitude (WGS-84)",
            Degrees(180),
            Place.longitude,
            required=True,
            example="116.3975000",
        ),
        Column(
            "radius_m",
            "半径（米）",
            "Radius (m)",
            Whole(10, 20_000),
            Place.radius_m,
            required=True,
            example="150",
        ),
    ),
    read=Permission.PLACE_READ,
    write=Permission.PLACE_WRITE,
    owner=Place.organisation_no,
    joins=_joins,
    key=("name", "organisation"),
    order=(Place.sort_key,),
    writer=PlaceWriter(),
    shared=True,
    seen=_seen,
    search=(Place.name,),
    datum=True,
)
