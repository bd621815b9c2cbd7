"""Use cases: a mobilisation is signed, and signed off.

Who may sign is said by organisation (`mobilisation.sign`, by mandate), never inferred from a level.
A signature is a statement of a person who proves anew to be there: by password, by the code of a
second factor beside it where one is in use, or where there is no password by a fresh log-in at the
provider of identities. It is kept with the mobilisation and in the journal.
"""

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from dispatch.mobilisation import store
from dispatch.mobilisation.errors import AlreadyMobilised, CodeNeeded
from dispatch.mobilisation.schemas import MobilisationIn, SignatureIn
from dispatch.mobilisation.tables import Mobilisation, MobilisationUnit
from dispatch.mobilisation.words import SignatureProof
from fleet.access import Actor
from fleet.errors import flush_or_refuse
from fleet.identity.proofs import code_refusal, password_refusal, person_behind
from fleet.identity.second_factor import factor_of
from fleet.identity.visits import Visit
from fleet.organisations.store import narrowed, organisation_in
from fleet.permissions import Permission
from kit.errors import DomainError


async def prove(
    session: AsyncSession, visit: Visit, actor: Actor, signed: SignatureIn
) -> SignatureProof | DomainError:
    """Return how a signer proved to be themselves, or why not; a failure counts once committed.

    Raises CodeNeeded.
    """
    person = await person_behind(session, actor)
    refusal = await password_refusal(session, visit, actor, person, signed.password)
    if refusal is not None:
        return refusal
    if await factor_of(session, person.no) is not None:
        if signed.code is None:
            raise CodeNeeded
        wrong = await code_refusal(session, visit, actor, person, signed.code)
        return wrong or SignatureProof.SECOND_FACTOR
    return SignatureProof.LOG_IN if person.password_hash is None else SignatureProof.PASSWORD


async def start(
    session: AsyncSession, visit: Visit, actor: Actor, wish: MobilisationIn, proof: SignatureProof
) -> Mobilisation:
    """Call up all vehicles of an organisation and of those below it, from now on.

    Raises NotFound outside what the actor may sign for, AlreadyMobilised.
    """
    scope, now = actor.scope(Permission.MOBILISATION_SIGN), visit.now
    top = await organisation_in(session, wish.organisation_id, scope)
    units = await narrowed(session, scope, wish.organisation_id, now)
    made = Mobilisation(
        organisation_no=top.no,
        level=wish.level,
        name=wish.name,
        basis=wish.basis,
        period=Range(now, None, bounds="[)"),
        started_by_no=actor.person_no,
        started_at=now,
        started_proof=proof,
        start_statement=wish.statement,
    )
    session.add(made)
    await flush_or_refuse(session, {"one_mobilisation_at_a_time": AlreadyMobilised})
    session.add_all(
        MobilisationUnit(mobilisation_no=made.no, organisation_no=no) for no in sorted(units)
    )
    visit.act(actor, wish.statement).record(
        session,
        "mobilisation.start",
        "mobilisation",
        made.id,
        organisation_no=top.no,
        after={
            "level": wish.level,
            "name": wish.name,
            "basis": wish.basis,
            "units": sorted(units),
            "proof": str(proof),
        },
    )
    await session.flush()
    return made


async def end(
    session: AsyncSession,
    visit: Visit,
    actor: Actor,
    mobilisation: Mobilisation,
    signed: SignatureIn,
    proof: SignatureProof,
) -> None:
    """Sign a locked mobilisation off; its open orders remain to be finished."""
    now = visit.now
    counts = await store.counts_of(session, mobilisation.no)
    mobilisation.period = Range(mobilisation.period.lower, now, bounds="[)")
    mobilisation.ended_by_no, mobilisation.ended_at = actor.person_no, now
    mobilisation.ended_proof, mobilisation.end_statement = proof, signed.statement
    visit.act(actor, signed.statement).record(
        session,
        "mobilisation.end",
        "mobilisation",
        mobilisation.id,
        organisation_no=mobilisation.organisation_no,
        before={"end": None},
        after={
            "end": now.isoformat(),
            "orders": counts.orders,
            "open_orders": counts.open_orders,
            "proof": str(proof),
        },
    )
    await session.flush()
