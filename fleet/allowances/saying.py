"""The use case of the transport allowance: from an instant on a person draws it, or no more.

Whoever draws it gets no vehicle inside the allowance area, except for listed purposes
(公务用车制度改革; 党政机关公务用车管理办法: drawing it and using a vehicle as well is a breach).
"""

from datetime import datetime

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.allowances import store
from fleet.allowances.errors import LaterAllowance, SameAllowance
from fleet.allowances.tables import PersonAllowance
from fleet.endings import spelled
from fleet.errors import flush_or_refuse
from fleet.people.tables import Person


async def say_allowance(
    session: AsyncSession,
    act: Act,
    *,
    person: Person,
    organisation_no: int,
    draws: bool,
    since: datetime | None = None,
) -> PersonAllowance:
    """Write whether a locked person draws the allowance from `since` (now) on.

    Raises SameAllowance, LaterAllowance.
    """
    begins = since or act.now
    before = await store.allowance_at(session, person.no, begins)
    if before is not None:
        if before.draws == draws:
            raise SameAllowance
        if before.period.upper is not None or before.period.lower == begins:
            raise LaterAllowance
        before.period = Range(before.period.lower, begins, bounds="[)")
        await session.flush()
    said = PersonAllowance(person_no=person.no, draws=draws, period=period(begins))
    session.add(said)
    await flush_or_refuse(session, {"one_allowance_at_a_time": LaterAllowance})
    act.record(
        session,
        "allowance.say",
        "person",
        person.id,
        organisation_no=organisation_no,
        before={"draws_allowance": before.draws if before else None},
        after={"draws_allowance": draws, **spelled(said.period)},
    )
    await session.flush()
    return said
