"""Use cases of applications: filed by a unit, decided by whoever holds the mandate."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.access import Actor
from fleet.acts import Act
from fleet.applications import store
from fleet.applications.effects import approved
from fleet.applications.states import EDITABLE, IllegalAct, OwnApplication, next_state
from fleet.applications.tables import Application, ApplicationStep
from fleet.applications.words import ApplicationAct, ApplicationKind, ApplicationState
from fleet.organisations.tables import Organisation
from fleet.vehicles.tables import Vehicle


async def draft_application(
    session: AsyncSession,
    act: Act,
    actor: Actor,
    *,
    kind: ApplicationKind,
    organisation: Organisation,
    vehicle: Vehicle | None,
    content: Mapping[str, object],
) -> Application:
    """Begin an application of `organisation`; it is a draft until it is submitted."""
    application = Application(
        kind=kind,
        state=ApplicationState.DRAFT,
        organisation_no=organisation.no,
        vehicle_no=vehicle.no if vehicle else None,
        applicant_no=actor.person_no,
        content=dict(content),
    )
    session.add(application)
    await session.flush()
    act.record(
        session,
        "application.draft",
        "application",
        application.id,
        organisation_no=organisation.no,
        after={"kind": kind, "content": dict(content)},
    )
    await session.flush()
    return application


async def rewrite_application(
    session: AsyncSession, act: Act, application: Application, content: Mapping[str, object]
) -> None:
    """Change what is applied for, while it is a draft or sent back. Raises IllegalAct."""
    if ApplicationState(application.state) not in EDITABLE:
        raise IllegalAct(state=application.state)
    before = application.content
    application.content = dict(content)
    act.record(
        session,
        "application.change",
        "application",
        application.id,
        organisation_no=application.organisation_no,
        before={"content": before},
        after={"content": dict(content)},
    )
    await session.flush()


async def take_step(
    session: AsyncSession, act: Act, actor: Actor, application: Application, step: ApplicationAct
) -> None:
    """Do one act upon an application; its reason is the act's.

    An approval sets off what it approves. Raises IllegalAct, OwnApplication, and what the
    approved act raises.
    """
    if step in _DECISIONS:
        submitted = await store.submitters(session, application.no)
        if actor.person_no in submitted | {application.applicant_no}:
            raise OwnApplication
    before = application.state
    application.state = next_state(ApplicationState(before), step)
    session.add(
        ApplicationStep(
            application_no=application.no,
            act=step,
            state=application.state,
            person_no=actor.person_no,
            at=act.now,
            reason=act.reason,
        )
    )
    act.record(
        session,
        f"application.{step}",
        "application",
        application.id,
        organisation_no=application.organisation_no,
        before={"state": before},
        after={"state": application.state},
    )
    await session.flush()
    if step is ApplicationAct.APPROVE and await approved(session, act, application):
        await take_step(session, act, actor, application, ApplicationAct.CARRY_OUT)


_DECISIONS = frozenset({ApplicationAct.APPROVE, ApplicationAct.REJECT, ApplicationAct.SEND_BACK})
