"""Route of data quality. It tells counts and no place: no sitting is asked for."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from fleet.access import Actor, Allow
from fleet.lists import Paging
from fleet.permissions import Permission
from kit.web import DbSession
from tracking.quality import service
from tracking.quality.schemas import QualityPage

router = APIRouter()

_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)
Day = Annotated[date, Query(ge=_FIRST, le=_LAST)]


@router.get("/data-quality")
async def list_data_quality(
    actor: Annotated[Actor, Allow(Permission.TERMINAL_READ, costly=True)],
    session: DbSession,
    paging: Paging,
    start: Day,
    end: Day,
    terminal_id: UUID | None = None,
) -> QualityPage:
    """The data of each terminal in the days of [start, end), Beijing time, 366 at most.

    Days are counted when they are over, and again when late data arrives.
    """
    asked = service.AskedQuality(start, end, terminal_id)
    return await service.quality(session, actor, asked, paging.limit, paging.cursor)
