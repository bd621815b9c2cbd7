"""What a rule says in an organisation: asked by every room that applies one."""

from datetime import datetime
from typing import Generic, Literal, NamedTuple, TypeVar, overload

from sqlalchemy.ext.asyncio import AsyncSession

from fleet.rules.auto_dispatch import AutoDispatchLimits, AutoDispatchMode
from fleet.rules.dispatching import AllowanceCircle, CrossUnitRule, DepartureCheckRule
from fleet.rules.keys import Excess, RuleKey, UseType
from fleet.rules.known import KNOWN
from fleet.rules.resolving import resolve
from fleet.rules.sharing import SharingDetour
from fleet.rules.store import levels
from fleet.words import Purpose

V_co = TypeVar("V_co", covariant=True)


class Effective(NamedTuple, Generic[V_co]):
    """The value in force, the organisation that said it (None: nobody yet), and its version."""

    value: V_co
    organisation_no: int | None
    version: int


@overload
async def effective(
    session: AsyncSession,
    key: Literal[RuleKey.OVER_QUOTA, RuleKey.OVER_STANDARD],
    organisation_no: int,
    now: datetime,
) -> Effective[Excess]: ...


@overload
async def effective(
    session: AsyncSession,
    key: Literal[RuleKey.USE_TYPES],
    organisation_no: int,
    now: datetime,
) -> Effective[tuple[UseType, ...]]: ...


@overload
async def effective(
    session: AsyncSession,
    key: Literal[
        RuleKey.DRIVEN_DAY_S,
        RuleKey.DRIVEN_WEEK_S,
        RuleKey.RENEWAL_YEARS,
        RuleKey.CHARGED_PERCENT,
        RuleKey.TURNAROUND_S,
        RuleKey.RESERVED_FROM_H,
        RuleKey.NIGHTLY_PLANS_H,
        RuleKey.EARLY_DEPARTURE_S,
    ],
    organisation_no: int,
    now: datetime,
) -> Effective[int]: ...


@overload
async def effective(
    session: AsyncSession,
    key: Literal[RuleKey.AUTO_DISPATCH],
    organisation_no: int,
    now: datetime,
) -> Effective[AutoDispatchMode]: ...


@overload
async def effective(
    session: AsyncSession,
    key: Literal[RuleKey.AUTO_DISPATCH_LIMITS],
    organisation_no: int,
    now: datetime,
) -> Effective[AutoDispatchLimits]: ...


@overload
async def effective(
    session: AsyncSession,
    key: Literal[RuleKey.ALLOWANCE_AREA],
    organisation_no: int,
    now: datetime,
) -> Effective[tuple[AllowanceCircle, ...]]: ...


@overload
async def effective(
    session: AsyncSession,
    key: Literal[RuleKey.ALLOWANCE_PURPOSES],
    organisation_no: int,
    now: datetime,
) -> Effective[tuple[Purpose, ...]]: ...


@overload
async def effective(
    session: AsyncSession,
    key: Literal[RuleKey.DEPARTURE_CHECK],
    organisation_no: int,
    now: datetime,
) -> Effective[DepartureCheckRule]: ...


@overload
async def effective(
    session: AsyncSession,
    key: Literal[RuleKey.CROSS_UNIT],
    organisation_no: int,
    now: datetime,
) -> Effective[CrossUnitRule]: ...


@overload
async def effective(
    session: AsyncSession,
    key: Literal[RuleKey.SHARING_DETOUR],
    organisation_no: int,
    now: datetime,
) -> Effective[SharingDetour]: ...


async def effective(
    session: AsyncSession, key: RuleKey, organisation_no: int, now: datetime
) -> Effective[object]:
    """Return what the rule says for an organisation at `now`, by inheritance from above."""
    said = await levels(session, [key], organisation_no, now)
    found = resolve(KNOWN[key], said[key])
    return Effective(found.value, found.organisation_no, found.version)
