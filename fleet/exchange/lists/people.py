"""People as a spreadsheet: one row for each role; a row that is missing ends nothing.

Passwords are never in a file: a new account can't log in until one is set for it.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.exchange.kinds import Code, Flag, OrganisationName, Text
from fleet.exchange.known import Known
from fleet.exchange.labels import ROLE
from fleet.exchange.lists.account_names import AccountName
from fleet.exchange.plan import Alteration, Plan, ReadRow
from fleet.exchange.reasons import TAKEN_ELSEWHERE, Reason
from fleet.exchange.row_writer import RowWriter
from fleet.exchange.sheets import Column, Rows, Sheet
from fleet.identity.errors import TwoAdministrators
from fleet.identity.separation import refuse_two_administrators
from fleet.lists import in_force
from fleet.organisations.tables import Organisation
from fleet.people.accounts import RoleIn, create_person
from fleet.people.masking import masked_phone
from fleet.people.roles import give_role
from fleet.people.schemas import PersonChange
from fleet.people.standing import change_person
from fleet.people.store import lock_person
from fleet.people.tables import Person, PersonRole
from fleet.permissions import Permission
from fleet.words import Role


class PersonWriter(RowWriter):
    """Adds accounts and gives roles."""

    async def check(self, session: AsyncSession, known: Known, plan: Plan, /) -> None:
        """Refuse accounts of others, and two administrators in one person."""
        by_name: dict[str, list[ReadRow]] = defaultdict(list)
        for addition in plan.additions:
            by_name[str(addition.row.values["username"])].append(addition.row)
        rows = await session.execute(
            select(Person.no, Person.username, PersonRole.role, PersonRole.organisation_no)
            .outerjoin(
                PersonRole,
                (PersonRole.person_no == Person.no) & in_force(PersonRole.period, known.now),
            )
            .where(Person.username.in_(by_name))
        )
        held: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for one in rows:
            known.resolved["person", one.username] = one.no
            held[one.username].append((one.role, one.organisation_no))
        scope = known.extent.scope(Permission.PERSON_WRITE)
        for username, members in by_name.items():
            has = [each for each in held.get(username, ()) if each[0] is not None]
            foreign = ("person", username) in known.resolved and not any(
                no in scope for _, no in has
            )
            for row in members if foreign and known.extent.actor is not None else ():
                plan.refuse(row, "username", TAKEN_ELSEWHERE)
            _check_roles(plan, members, [Role(role) for role, _ in has])

    async def add(self, session: AsyncSession, act: Act, known: Known, row: ReadRow, /) -> None:
        """Add an account with its first role, or give a further one."""
        values = row.values
        username = str(values["username"])
        organisation = await session.get_one(Organisation, values["organisation"])
        role, no = Role(str(values["role"])), known.resolved.get(("person", username))
        if no is not None:
            person = await session.get_one(Person, no)
            await lock_person(session, person)
            await give_role(session, act, person=person, role=role, organisation=organisation)
            return
        phone = values.get("phone")
        made = await create_person(
            session,
            act,
            username=username,
            name=str(values["name"]),
            phone=str(phone) if phone else None,
            roles=[RoleIn(role, organisation)],
        )
        known.resolved["person", username] = made.no

    async def change(
        self, session: AsyncSession, act: Act, known: Known, alteration: Alteration, /
    ) -> None:
        """Write the name or the phone number; the person's other rows say the same."""
        person = await session.get_one(Person, alteration.stored.no)
        await lock_person(session, person)
        said: dict[str, Any] = {name: alteration.row.values[name] for name in alteration.columns}
        if all(getattr(person, name) == value for name, value in said.items()):
            return
        scope = known.extent.scope(Permission.PERSON_WRITE)
        await change_person(session, act, person, PersonChange(**said), scope)


def _check_roles(plan: Plan, rows: list[ReadRow], held: list[Role]) -> None:
    roles = [*held, *(Role(str(row.values["role"])) for row in rows)]
    try:
        refuse_two_administrators(roles)
    except TwoAdministrators as error:
        reason = Reason(error.problem_type(), "三员不得由同一人担任。", error.title())
        for row in rows:
            plan.refuse(row, "role", reason)


def _joins(statement: Rows, now: datetime) -> Rows:
    return statement.join(
        PersonRole, (PersonRole.person_no == Person.no) & in_force(PersonRole.period, now)
    )


PEOPLE = Sheet(
    name="people",
    zh="人员",
    en="People",
    table=Person,
    columns=(
        Column(
            "username", "账号", "Username", AccountName(), Person.username, required=True,
            example="zhangsan",
        ),
        Column("name", "姓名", "Name", Text(100), Person.name, required=True, example="张三"),
        Column(
            "phone", "手机", "Phone",
            Text(25, r"\+?[0-9][0-9 -]{2,23}", ("应为电话号码。", "It is a phone number.")),
            Person.phone, needs=Permission.PERSON_CONTACT_READ, mask=masked_phone, quoted=False,
            example="13900000000",
        ),
        Column(
            "role", "角色", "Role", Code(ROLE), PersonRole.role, required=True, example="驾驶员",
        ),
        Column(
            "organisation", "机构", "Organisation", OrganisationName(), PersonRole.organisation_no,
            required=True, example="甲局",
        ),
        Column(
            "disabled", "已停用", "Disabled", Flag(), Person.disabled_at.is_not(None),
            written=False,
        ),
    ),
    read=Permission.PERSON_READ,
    write=Permission.PERSON_WRITE,
    owner=PersonRole.organisation_no,
    joins=_joins,
    key=("username", "role", "organisation"),
    order=(Person.sort_key, Person.username, PersonRole.role, PersonRole.no),
    writer=PersonWriter(),
    search=(Person.name, Person.username),
    people=True,
)  # fmt: skip
