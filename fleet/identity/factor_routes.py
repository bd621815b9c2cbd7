"""Routes of one's own second factor."""

from fastapi import APIRouter

from fleet.identity import answers, schemas
from fleet.identity.errors import WrongCode
from fleet.identity.proofs import InPerson, code_refusal, password_refusal, person_behind
from fleet.identity.second_factor import (
    begin_enrolment,
    confirm_enrolment,
    factor_of,
    is_demanded,
    recovery_codes_left,
    remove_factor,
    renew_recovery_codes,
    sealer_for,
)
from fleet.identity.sessions import end_sessions, session_of
from fleet.identity.throttle import count_failure, refusal_to_try
from fleet.identity.visits import OnVisit
from kit.web import DbSession, Now

router = APIRouter()


@router.get("/session/second-factor")
async def read_second_factor(
    actor: InPerson, session: DbSession, now: Now
) -> schemas.SecondFactorOut:
    """Say whether one's own second factor is in use, and whether one's roles demand it."""
    row = await factor_of(session, actor.person_no)
    return schemas.SecondFactorOut(
        since=row.confirmed_at if row is not None else None,
        demanded=await is_demanded(session, actor.person_no, now),
        recovery_codes_left=await recovery_codes_left(session, actor.person_no),
    )


@router.post("/session/second-factor")
async def begin_second_factor(
    body: schemas.EnrolmentIn, actor: InPerson, session: DbSession, visit: OnVisit
) -> schemas.EnrolmentOut:
    """Begin a second factor: a secret for an authenticator app, until a code confirms it."""
    person = await person_behind(session, actor)
    await answers.kept(
        session, await password_refusal(session, visit, actor, person, body.password)
    )
    begun = await begin_enrolment(session, visit.act(actor), person, sealer_for(visit.settings))
    return schemas.EnrolmentOut(secret=begun.secret, uri=begun.uri, qr_svg=begun.qr_svg)


@router.put("/session/second-factor")
async def confirm_second_factor(
    body: schemas.CodeIn, actor: InPerson, session: DbSession, visit: OnVisit
) -> schemas.RecoveryCodesOut:
    """Put the begun second factor in use; one's other sessions, begun without it, end."""
    person = await person_behind(session, actor)
    await answers.kept(session, await refusal_to_try(session, visit, person.username))
    codes = await confirm_enrolment(
        session, visit.act(actor), person, sealer_for(visit.settings), body.code
    )
    if codes is None:
        await count_failure(session, visit, person.username, "wrong code")
        await answers.kept(session, WrongCode())
    if actor.bearer_id is not None:
        (await session_of(session, actor.bearer_id)).second_factor = True
    await end_sessions(session, person.no, but=actor.bearer_id)
    return schemas.RecoveryCodesOut(recovery_codes=codes or [])


@router.post("/session/second-factor/recovery-codes")
async def renew_codes(
    body: schemas.FactorProof, actor: InPerson, session: DbSession, visit: OnVisit
) -> schemas.RecoveryCodesOut:
    """Get new recovery codes; the earlier ones end."""
    person = await person_behind(session, actor)
    await answers.kept(
        session, await password_refusal(session, visit, actor, person, body.password)
    )
    await answers.kept(session, await code_refusal(session, visit, actor, person, body.code))
    codes = await renew_recovery_codes(session, visit.act(actor), person)
    return schemas.RecoveryCodesOut(recovery_codes=codes)


@router.post("/session/second-factor/removal", status_code=204)
async def remove_second_factor(
    body: schemas.FactorProof, actor: InPerson, session: DbSession, visit: OnVisit
) -> None:
    """Remove one's own second factor; where a role demands one, the next log-in sets up another."""
    person = await person_behind(session, actor)
    await answers.kept(
        session, await password_refusal(session, visit, actor, person, body.password)
    )
    await answers.kept(session, await code_refusal(session, visit, actor, person, body.code))
    await remove_factor(session, visit.act(actor), person)
    await end_sessions(session, person.no, but=actor.bearer_id)
