"""Routes of quotas, standards and the counts of secret vehicles."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from fleet.access import Actor, Allow
from fleet.acts import Act
from fleet.lists import Paging
from fleet.organisations.store import narrowed, organisation_in, owner_for
from fleet.permissions import Permission
from fleet.quotas import schemas, store, views
from fleet.quotas.setting import set_quota, set_secret_count, set_standard
from fleet.refs import Named
from fleet.words import Category
from kit.web import Address, DbSession, Now

router = APIRouter()


@router.get("/quotas", tags=["quotas"])
async def list_quotas(
    actor: Annotated[Actor, Allow(Permission.QUOTA_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
    organisation_id: UUID | None = None,
    category: Category | None = None,
    over: bool | None = None,
) -> schemas.QuotaPage:
    """List the quotas in force within scope, by the names of their organisations.

    over: only those that are exceeded (true), or only those that are not (false)
    """
    scope = await narrowed(session, actor.scope(Permission.QUOTA_READ), organisation_id, now)
    page = await store.quotas(session, scope, now, category=category, over=over, part=part)
    return schemas.QuotaPage(
        items=[
            views.quota(row[0], Named(id=row.organisation_id, name=row.organisation_name), row.used)
            for row in page.items
        ],
        next_cursor=page.next_cursor,
    )


@router.post("/quotas", status_code=201, tags=["quotas"])
async def create_quota(
    body: schemas.NewQuota,
    actor: Annotated[Actor, Allow(Permission.QUOTA_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.QuotaOut:
    """Set the quota of an organisation within scope and a category, by date."""
    unit = await owner_for(session, actor, Permission.QUOTA_WRITE, body.organisation_id)
    quota = await set_quota(
        session,
        Act(actor, now, address),
        organisation=unit,
        **body.model_dump(exclude={"organisation_id"}),
    )
    key = (unit.no, quota.category)
    used = await store.used(session, [key], now)
    return views.quota(quota, Named(id=unit.id, name=unit.name), used.get(key, 0))


@router.get("/standards", tags=["quotas"])
async def list_standards(
    actor: Annotated[Actor, Allow(Permission.STANDARD_READ)],
    session: DbSession,
    now: Now,
    part: Paging,
) -> schemas.StandardPage:
    """List the standards in force: the nation's, and those set within or above the scope."""
    scope = await store.above_all(session, actor.scope(Permission.STANDARD_READ), now)
    page = await store.standards(session, scope, now, part)
    return schemas.StandardPage(
        items=[views.standard_row(row) for row in page.items], next_cursor=page.next_cursor
    )


@router.post("/standards", status_code=201, tags=["quotas"])
async def create_standard(
    body: schemas.NewStandard,
    actor: Annotated[Actor, Allow(Permission.STANDARD_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.StandardOut:
    """Set a standard for an organisation within scope and all below it, by date.

    It holds beside those of the levels above: a lower level can only be stricter.
    """
    owner = await owner_for(session, actor, Permission.STANDARD_WRITE, body.organisation_id)
    standard = await set_standard(
        session,
        Act(actor, now, address),
        organisation=owner,
        **body.model_dump(exclude={"organisation_id"}),
    )
    return views.standard(standard, Named(id=owner.id, name=owner.name))


@router.get("/secret-vehicle-counts", tags=["quotas"])
async def list_secret_vehicle_counts(
    actor: Annotated[Actor, Allow(Permission.QUOTA_WRITE)], session: DbSession, part: Paging
) -> schemas.SecretCountPage:
    """List how many secret vehicles organisations within scope have."""
    page = await store.secret_counts(session, actor.scope(Permission.QUOTA_WRITE), part)
    return schemas.SecretCountPage(
        items=[views.secret_count(row) for row in page.items], next_cursor=page.next_cursor
    )


@router.put("/secret-vehicle-counts/{id}", tags=["quotas"])
async def put_secret_vehicle_count(
    id: UUID,
    body: schemas.NewSecretCount,
    actor: Annotated[Actor, Allow(Permission.QUOTA_WRITE)],
    session: DbSession,
    now: Now,
    address: Address,
) -> schemas.SecretCountOut:
    """Keep how many secret vehicles an organisation (id) within scope has, and nothing else."""
    unit = await organisation_in(session, id, actor.scope(Permission.QUOTA_WRITE))
    await set_secret_count(session, Act(actor, now, address), organisation=unit, count=body.count)
    return schemas.SecretCountOut(
        organisation=Named(id=unit.id, name=unit.name), count=body.count, recorded_at=now
    )
