"""Drivers as a spreadsheet; their accounts come first, with the people."""

from datetime import date, datetime, timedelta

from sqlalchemy import any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.exchange.kinds import Day, OrganisationName, Text
from fleet.exchange.known import Known
from fleet.exchange.lists.account_names import AccountName
from fleet.exchange.plan import Alteration, Plan, ReadRow
from fleet.exchange.reasons import BY_ITS_OWN_ACT, NO_PERSON, TAKEN_ELSEWHERE
from fleet.exchange.row_writer import RowWriter
from fleet.exchange.sheets import Column, Rows, Sheet
from fleet.lists import in_force, within
from fleet.organisations.tables import Organisation
from fleet.people import id_numbers
from fleet.people.driver_store import lock_driver
from fleet.people.drivers import add_driver, change_licence, keep_id_number
from fleet.people.licences import CLASS_FORM
from fleet.people.masking import masked_phone
from fleet.people.tables import Driver, DriverUnit, Person, PersonRole
from fleet.permissions import Permission
from kit.clock import SHANGHAI, day_start
from kit.secrets import sealer_of


class DriverWriter(RowWriter):
    """Lets people drive, and writes their licences."""

    async def check(self, session: AsyncSession, known: Known, plan: Plan, /) -> None:
        """Refuse accounts that are not within scope, and who drives for others already."""
        names = [str(one.row.values["username"]) for one in plan.additions]
        scope = known.extent.scope(Permission.PERSON_READ)
        mine = (
            select(PersonRole.no)
            .where(
                PersonRole.person_no == Person.no,
                within(PersonRole.organisation_no, scope),
                in_force(PersonRole.period, known.now),
            )
            .exists()
        )
        rows = await session.execute(
            select(Person.no, Person.username, Driver.no.label("driver_no"))
            .outerjoin(Driver, Driver.person_no == Person.no)
            .where(
                Person.username == any_(literal(names, ARRAY(TEXT))),
                or_(mine, literal(known.extent.actor is None)),
            )
        )
        found = {row.username: row for row in rows}
        for one in plan.additions:
            person = found.get(str(one.row.values["username"]))
            if person is None:
                plan.refuse(one.row, "username", NO_PERSON)
            elif person.driver_no is not None:
                plan.refuse(one.row, "username", TAKEN_ELSEWHERE)
            else:
                known.resolved["person", person.username] = person.no

    async def add(self, session: AsyncSession, act: Act, known: Known, row: ReadRow, /) -> None:
        """Let a person drive for a unit."""
        values = row.values
        unit = await session.get_one(Organisation, values["unit"])
        person_no = known.resolved["person", str(values["username"])]
        driver = await add_driver(
            session,
            act,
            person=await session.get_one(Person, person_no),
            licence_class=str(values["licence_class"]),
            licence_until=_end_of(values.get("licence_until")),
            organisation=unit,
        )
        await _keep(session, act, known, driver, values.get("id_number"), unit.no)

    async def change(
        self, session: AsyncSession, act: Act, known: Known, alteration: Alteration, /
    ) -> None:
        """Write a new licence, or the ID number."""
        stored, values = alteration.stored, alteration.row.values
        scope = known.extent.scope(Permission.DRIVER_WRITE)
        row = await lock_driver(session, stored.id, scope, known.now)
        driver: Driver = row[0]
        if set(alteration.columns) & {"licence_class", "licence_until"}:
            until = driver.licence_until
            if "licence_until" in alteration.columns:
                until = _end_of(values["licence_until"])
            await change_licence(
                session,
                act,
                driver,
                licence_class=str(values.get("licence_class") or driver.licence_class),
                licence_until=until,
                organisation_no=row.unit_no,
            )
        await _keep(session, act, known, driver, values.get("id_number"), row.unit_no)


async def _keep(
    session: AsyncSession, act: Act, known: Known, driver: Driver, number: object, unit_no: int
) -> None:
    if isinstance(number, str):
        kept = id_numbers.keep(number, sealer_of(known.settings), driver.id)
        await keep_id_number(session, act, driver, kept, unit_no)


def _end_of(day: object) -> datetime | None:
    """Return the last second of the day to which a licence is valid."""
    if not isinstance(day, date):
        return None
    start = day_start(day).astimezone(SHANGHAI)
    return start + timedelta(days=1, seconds=-1)


class _Tail(Text):
    """An ID number, of which only the last characters are shown."""

    __slots__ = ()

    def show(self, value: object, _known: Known) -> str:
        return f"****{value}"


def _joins(statement: Rows, now: datetime) -> Rows:
    return statement.join(Person, Person.no == Driver.person_no).join(
        DriverUnit, (DriverUnit.driver_no == Driver.no) & in_force(DriverUnit.period, now)
    )


DRIVERS = Sheet(
    name="drivers",
    zh="驾驶员",
    en="Drivers",
    table=Driver,
    columns=(
        Column(
            "username", "账号", "Username", AccountName(), Person.username, required=True,
            example="zhangsan", note="先在人员中有账号",
        ),
        Column("name", "姓名", "Name", Text(100), Person.name, written=False),
        Column(
            "phone", "手机", "Phone", Text(25), Person.phone, written=False,
            needs=Permission.PERSON_CONTACT_READ, mask=masked_phone,
        ),
        Column(
            "unit", "单位", "Unit", OrganisationName(), DriverUnit.organisation_no, required=True,
            fixed=BY_ITS_OWN_ACT, example="甲局", note="调动请在系统中办理",
        ),
        Column(
            "licence_class", "准驾车型", "Licence class",
            Text(2, CLASS_FORM, ("应为 A1、B1、C1 等。", "It is a class such as A1, B1 or C1."),
                 upper=True),
            Driver.licence_class, required=True, example="B1",
        ),
        Column(
            "licence_until", "驾驶证有效期至", "Licence until", Day(), Driver.licence_until,
            example="2030-05-31",
        ),
        Column(
            "id_number", "身份证号", "ID number",
            _Tail(18, r"[1-9][0-9]{16}[0-9X]", ("应为 18 位。", "It has 18 characters."),
                  upper=True),
            Driver.id_number_tail, masked=True, quoted=False, keeps=True,
            note="加密保存，从不完整显示；留空不更改",
        ),
    ),
    read=Permission.DRIVER_READ,
    write=Permission.DRIVER_WRITE,
    owner=DriverUnit.organisation_no,
    joins=_joins,
    key=("username",),
    order=(Person.sort_key,),
    writer=DriverWriter(),
    search=(Person.name,),
    people=True,
)  # fmt: skip
