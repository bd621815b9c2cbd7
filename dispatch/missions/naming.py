"""Use case: who reads a mission and who runs it is named, in its plan or later."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.automatic.on_duty import may_dispatch
from dispatch.missions.errors import RunnerMayNotDispatch, UnknownPersonNamed
from dispatch.missions.inputs import MissionPeopleIn
from dispatch.missions.named import people_of, person_nos_in, require_runner, who
from dispatch.missions.tables import Mission, MissionPerson
from dispatch.missions.words import MissionPart
from fleet.acts import Act
from fleet.permissions import Permission


async def name_people(
    session: AsyncSession, act: Act, mission: Mission, wish: MissionPeopleIn
) -> None:
    """Name who reads a locked mission and who runs it, from now on.

    Raises StepNotYours, UnknownPersonNamed, RunnerMayNotDispatch.
    """
    await require_runner(session, who(act), mission, "name_people")
    before = await people_of(session, mission.no)
    named = {MissionPart.READER: wish.reader_ids, MissionPart.RUNNER: wish.runner_ids}
    nos = await numbers_of(session, act, {id for ids in named.values() for id in ids})
    await session.execute(
        delete(MissionPerson).where(
            MissionPerson.mission_no == mission.no, MissionPerson.part.in_(named)
        )
    )
    for part, ids in named.items():
        name_as(session, mission, part, [nos[id] for id in ids])
    await require_dispatchers(session, mission, [nos[id] for id in wish.runner_ids], act.now)
    mission.revision += 1
    act.record(
        session,
        "mission.name_people",
        "mission",
        mission.id,
        organisation_no=mission.organisation_no,
        before={str(part): numbers for part, numbers in before.items()},
        after={
            str(part): numbers for part, numbers in (await people_of(session, mission.no)).items()
        },
    )


async def numbers_of(session: AsyncSession, act: Act, ids: set[UUID]) -> dict[UUID, int]:
    """Return the numbers of people who may be named. Raises UnknownPersonNamed."""
    actor = who(act)
    nos = await person_nos_in(session, ids, actor.scope(Permission.ORDER_ASSIGN), act.now)
    # Whoever writes it may hold their role above the units for which they dispatch.
    nos |= {actor.person_id: actor.person_no}
    if missing := ids - nos.keys():
        raise UnknownPersonNamed(people=sorted(str(id) for id in missing))
    return nos


def name_as(session: AsyncSession, mission: Mission, part: MissionPart, nos: Iterable[int]) -> None:
    """Name people in a mission, as what they are in it."""
    session.add_all(
        MissionPerson(mission_no=mission.no, person_no=no, part=part) for no in sorted(set(nos))
    )


async def require_dispatchers(
    session: AsyncSession, mission: Mission, nos: Iterable[int], now: datetime
) -> None:
    """Refuse to let somebody run it who may not dispatch. Raises RunnerMayNotDispatch."""
    for no in sorted(set(nos)):
        if await may_dispatch(session, no, mission.organisation_no, now) is None:
            raise RunnerMayNotDispatch
