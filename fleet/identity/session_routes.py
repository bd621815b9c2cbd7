"""Routes of log-in, the challenges on its way, the session, and log-out."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from fleet.access import Actor, AllowAnyone, presented_token
from fleet.identity import answers, schemas
from fleet.identity.bearers import bearer_of
from fleet.identity.log_in import answer, enrol, log_in
from fleet.identity.proofs import InPerson
from fleet.identity.sessions import log_out
from fleet.identity.visits import OnVisit
from kit.errors import NotLoggedIn
from kit.web import AppSettings, DbSession, Now

router = APIRouter()

_CHALLENGED: dict[int | str, dict[str, object]] = {
    202: {"model": schemas.ChallengeOut, "description": "The password was right; answer this next"}
}


@router.post(
    "/session",
    response_model=schemas.NewSession,
    response_model_exclude_unset=True,
    responses=_CHALLENGED,
)
async def open_session(
    credentials: schemas.Credentials,
    response: Response,
    session: DbSession,
    settings: AppSettings,
    visit: OnVisit,
) -> schemas.NewSession | JSONResponse:
    """Log in; the token comes as a cookie too. 202 asks for a second factor or a new password."""
    outcome = await log_in(session, visit, credentials.username, credentials.password)
    return await answers.log_in_answer(session, response, settings, outcome, visit.now)


@router.post(
    "/session/challenge",
    response_model=schemas.NewSession,
    response_model_exclude_unset=True,
    responses=_CHALLENGED,
)
async def answer_challenge(
    body: schemas.AnswerIn,
    response: Response,
    session: DbSession,
    settings: AppSettings,
    visit: OnVisit,
) -> schemas.NewSession | JSONResponse:
    """Answer a challenge of a log-in by a code or a new password, as its kind asks."""
    outcome = await answer(
        session, visit, body.challenge, code=body.code, new_password=body.new_password
    )
    return await answers.log_in_answer(session, response, settings, outcome, visit.now)


@router.post("/session/challenge/enrolment")
async def begin_challenged_enrolment(
    body: schemas.ChallengeIn, session: DbSession, visit: OnVisit
) -> schemas.EnrolmentOut:
    """Begin the second factor that a challenge of kind `enrol` demands."""
    begun = await answers.kept(session, await enrol(session, visit, body.challenge))
    return schemas.EnrolmentOut(secret=begun.secret, uri=begun.uri, qr_svg=begun.qr_svg)


@router.get("/session")
async def read_session(
    actor: Annotated[Actor, AllowAnyone()], request: Request, session: DbSession, now: Now
) -> schemas.SessionOut:
    """Say who is logged in, and what they are and may do."""
    bearer = await bearer_of(session, presented_token(request) or "", now, touch=False)
    if bearer is None:
        raise NotLoggedIn
    return schemas.SessionOut(
        expires_at=bearer.expires_at,
        person=answers.account(actor),
        roles=await answers.role_list(session, actor, now),
        permissions=sorted(actor.permissions),
    )


@router.delete("/session", status_code=204)
async def close_session(
    actor: InPerson,
    request: Request,
    response: Response,
    session: DbSession,
    visit: OnVisit,
) -> None:
    """Log out; an API token is revoked by its holder instead."""
    await log_out(session, visit, actor, presented_token(request) or "")
    answers.clear_cookie(response)
