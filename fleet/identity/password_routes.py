"""Routes by which people set their passwords."""

from fastapi import APIRouter

from fleet.identity import answers, schemas
from fleet.identity.password_changes import set_password
from fleet.identity.proofs import InPerson, password_refusal, person_behind
from fleet.identity.sessions import end_sessions
from fleet.identity.set_up import use_link
from fleet.identity.visits import OnVisit
from kit.web import DbSession

router = APIRouter()


@router.post("/session/password", status_code=204)
async def change_password(
    body: schemas.PasswordIn, actor: InPerson, session: DbSession, visit: OnVisit
) -> None:
    """Change one's own password; one's other sessions end."""
    person = await person_behind(session, actor)
    await answers.kept(
        session, await password_refusal(session, visit, actor, person, body.current_password)
    )
    await set_password(session, visit.act(actor), person, body.new_password)
    await end_sessions(session, person.no, but=actor.bearer_id)


@router.post("/session/set-up")
async def set_up(body: schemas.SetUpIn, session: DbSession, visit: OnVisit) -> schemas.SetUpOut:
    """Set a password by a set-up link, once; log in with it afterwards."""
    person = await answers.kept(session, await use_link(session, visit, body.token, body.password))
    return schemas.SetUpOut(username=person.username)
