"""Routes of regions."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.lists import Paging
from fleet.organisations import region_store, schemas, views
from fleet.permissions import Permission
from kit.web import DbSession

router = APIRouter()


@router.get("/regions", tags=["organisations"])
async def list_regions(
    _actor: Annotated[Actor, Allow(Permission.ORGANISATION_READ)],
    session: DbSession,
    part: Paging,
    prefix: schemas.RegionPrefix | None = None,
    q: Annotated[str | None, Query(max_length=100, description="Part of a name")] = None,
    day: Annotated[
        date | None, Query(description="Valid on that day; all times if left out")
    ] = None,
) -> schemas.RegionPage:
    """List the regions (行政区划) that the operator has imported, by code."""
    page = await region_store.regions(session, prefix=prefix, q=q, day=day, part=part)
    return schemas.RegionPage(
        items=[views.region(row) for row in page.items], next_cursor=page.next_cursor
    )
