"""Setting quotas, standards and the counts of secret vehicles, by date."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.ext.asyncio import AsyncSession

from fleet.acts import Act, period
from fleet.errors import flush_or_refuse
from fleet.organisations.tables import Organisation
from fleet.quotas import store
from fleet.quotas.errors import CategoryWithoutStandard, LaterQuota, LaterStandard
from fleet.quotas.tables import Quota, SecretVehicleCount, Standard
from fleet.vehicles.words import Body, Condition
from fleet.words import Category
from kit.errors import Conflict


async def set_quota(
    session: AsyncSession,
    act: Act,
    *,
    organisation: Organisation,
    category: Category,
    count: int,
    basis: str,
    since: datetime | None = None,
) -> Quota:
    """Let `organisation` have `count` vehicles of a category from `since` (default: now) on.

    basis: the document that approves it
    The quota in force until then ends there. Raises LaterQuota.
    """
    starts = since or act.now
    before = _end_at(await store.quota_rows(session, organisation.no, category), starts, LaterQuota)
    quota = Quota(
        organisation_no=organisation.no,
        category=category,
        count=count,
        basis=basis,
        period=period(starts),
    )
    await session.flush()
    session.add(quota)
    await flush_or_refuse(session, {"one_quota_at_a_time": LaterQuota})
    act.record(
        session,
        "quota.set",
        "quota",
        quota.id,
        organisation_no=organisation.no,
        before={"count": before.count, "basis": before.basis} if before else None,
        after={
            "category": category,
            "count": count,
            "basis": basis,
            "since": starts.isoformat(),
        },
    )
    await session.flush()
    return quota


async def set_standard(
    session: AsyncSession,
    act: Act,
    *,
    organisation: Organisation,
    category: Category | None,
    condition: Condition,
    bodies: Collection[Body],
    new_energy: bool,
    price_fen: int,
    displacement_ml: int | None,
    source: str,
    since: datetime | None = None,
) -> Standard:
    """Set the highest price and displacement of a kind, for `organisation` and all below it.

    bodies: empty for all; since: default now; source: the document that says so
    What it said of this kind until then ends there. Raises LaterStandard,
    CategoryWithoutStandard.
    """
    if category is Category.SPECIAL_TECHNICAL:
        raise CategoryWithoutStandard
    starts = since or act.now
    standard = Standard(
        organisation_no=organisation.no,
        category=category,
        condition=condition,
        bodies=",".join(sorted(set(bodies))),
        new_energy=new_energy,
        price_fen=price_fen,
        displacement_ml=displacement_ml,
        source=source,
        period=period(starts),
    )
    before = _end_at(await store.same_standards(session, standard), starts, LaterStandard)
    await session.flush()
    session.add(standard)
    await flush_or_refuse(session, {"one_standard_at_a_time": LaterStandard})
    act.record(
        session,
        "standard.set",
        "standard",
        standard.id,
        organisation_no=organisation.no,
        before=_bounds(before) if before else None,
        after=_bounds(standard)
        | {
            "category": category,
            "condition": condition,
            "bodies": standard.bodies,
            "new_energy": new_energy,
            "since": starts.isoformat(),
        },
    )
    await session.flush()
    return standard


async def set_secret_count(
    session: AsyncSession, act: Act, *, organisation: Organisation, count: int
) -> None:
    """Keep how many secret vehicles an organisation has, and nothing else about them."""
    row = await session.get(SecretVehicleCount, organisation.no)
    before = {"count": row.count} if row else None
    await session.execute(
        insert(SecretVehicleCount)
        .values(organisation_no=organisation.no, count=count, recorded_at=act.now)
        .on_conflict_do_update(
            index_elements=["organisation_no"], set_={"count": count, "recorded_at": act.now}
        )
    )
    act.record(
        session,
        "secret_vehicle_count.set",
        "organisation",
        organisation.id,
        organisation_no=organisation.no,
        before=before,
        after={"count": count},
    )
    await session.flush()


Row = TypeVar("Row", Quota, Standard)


def _end_at(rows: Sequence[Row], at: datetime, later: type[Conflict]) -> Row | None:
    """End the newest of `rows` at `at`, and return it; raise `later` if it begins no earlier."""
    if not rows:
        return None
    newest = rows[0]
    if newest.period.lower is not None and newest.period.lower >= at:
        raise later
    newest.period = Range(newest.period.lower, at, bounds="[)")
    return newest


def _bounds(row: Standard) -> dict[str, object]:
    return {
        "price_fen": row.price_fen,
        "displacement_ml": row.displacement_ml,
        "source": row.source,
    }
