"""Routes of the policy of passwords and second factors."""

from typing import Annotated

from fastapi import APIRouter

from fleet.access import Actor, Allow
from fleet.identity.policy import Policy, policy_in_force, set_policy
from fleet.identity.visits import OnVisit
from fleet.permissions import Permission
from kit.web import DbSession

router = APIRouter()


@router.get("/policy")
async def read_policy(
    _actor: Annotated[Actor, Allow(Permission.POLICY_READ)], session: DbSession
) -> Policy:
    """Say which policy of passwords and second factors is in force."""
    return await policy_in_force(session)


@router.put("/policy")
async def put_policy(
    body: Policy,
    actor: Annotated[Actor, Allow(Permission.POLICY_WRITE)],
    session: DbSession,
    visit: OnVisit,
) -> Policy:
    """Put a policy in force at once; sessions without a factor that it demands end by this."""
    await set_policy(session, visit.act(actor), body)
    return body
