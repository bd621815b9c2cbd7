"""The policy of passwords and second factors, as a security administrator sets it.

OWASP ASVS 5.0 (6.2) forbids rules of composition and rotation, GB/T 22239 level 3 (8.1.4.1) wants
both: they are switches, off by default. A change is a new version and takes effect at once.
"""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act
from fleet.identity.tables import SecurityPolicy
from fleet.inputs import Input
from fleet.words import Role


class Policy(Input):
    """What passwords must be like, and who must show a second factor.

    password_classes: how many of lower case, upper case, digits and others must stand in it
    password_max_age_days: after which a new one is asked for at log-in, None for never
    password_history: how many earlier passwords may not return
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    password_min_length: Annotated[int, Field(ge=8, le=64)] = 10
    password_classes: Annotated[int, Field(ge=1, le=4)] = 1
    password_max_age_days: Annotated[int, Field(ge=1, le=3_650)] | None = None
    password_history: Annotated[int, Field(ge=0, le=24)] = 0
    password_refuse_common: bool = True
    password_refuse_username: bool = True
    second_factor_roles: Annotated[frozenset[Role], Field(max_length=len(Role))] = frozenset()

    def has_expired(self, since: datetime, now: datetime) -> bool:
        """Return whether a password set at `since` must be changed at `now`."""
        days = self.password_max_age_days
        return days is not None and now - since >= timedelta(days=days)


async def policy_in_force(session: AsyncSession) -> Policy:
    """Return the newest policy, or the default one where none was ever set."""
    rules = await session.scalar(
        select(SecurityPolicy.rules).order_by(SecurityPolicy.no.desc()).limit(1)
    )
    # A newer version of this program may have written members that this one doesn't know.
    return Policy.model_validate({k: v for k, v in (rules or {}).items() if k in _MEMBERS})


async def set_policy(session: AsyncSession, act: Act, policy: Policy) -> None:
    """Put a policy in force."""
    before = await policy_in_force(session)
    session.add(SecurityPolicy(since=act.now, rules=_as_json(policy)))
    act.record(
        session,
        "policy.set",
        "policy",
        None,
        organisation_no=act.actor.grants[0].organisation_no if act.actor else None,
        before=_as_json(before),
        after=_as_json(policy),
    )
    await session.flush()


def _as_json(policy: Policy) -> dict[str, object]:
    rules: dict[str, object] = policy.model_dump(mode="json")
    return rules | {"second_factor_roles": sorted(policy.second_factor_roles)}


_MEMBERS = frozenset(Policy.model_fields)
