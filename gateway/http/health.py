"""How the system is: `/health` for supervisors and people, `/metrics` for Prometheus."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from gateway.http.static import map_version
from kit.bus import Bus
from kit.database import Sessions
from kit.metrics import CONTENT_TYPE, exposition
from kit.settings import Settings
from kit.web import Now
from tracking.tables import PositionBatch

router = APIRouter()

State = Literal["ok", "away", "none"]


class Health(BaseModel):
    """What works. `down`: the API can't answer; `degraded`: something is late or missing."""

    status: Literal["ok", "degraded", "down"]
    database: State
    bus: State
    map: Annotated[str | None, Field(description="Version of the imported map in use")]
    last_commit_at: Annotated[
        datetime | None, Field(description="When positions were last committed")
    ]
    last_commit_age_s: Annotated[float | None, Field(description="Seconds since then")]
    degraded: Annotated[list[str], Field(description="What is degraded, one sentence each")]


@router.get("/health", responses={503: {"model": Health}})
async def read_health(request: Request, response: Response, now: Now) -> Health:
    """Say what works and what does not; 503 when the database is away."""
    sessions: Sessions = request.app.state.sessions
    bus: Bus | None = request.app.state.bus
    settings: Settings = request.app.state.settings
    database, last_commit_at = await _database(sessions)
    bus_state: State = "none" if bus is None else "ok" if await bus.ping() else "away"
    version = map_version(settings.maps_dir)
    health = Health(
        status="ok",
        database=database,
        bus=bus_state,
        map=version,
        last_commit_at=last_commit_at,
        last_commit_age_s=(now - last_commit_at).total_seconds() if last_commit_at else None,
        degraded=_degraded(database, bus_state, version),
    )
    if database == "away":
        health.status = "down"
        response.status_code = 503
    elif health.degraded:
        health.status = "degraded"
    return health


@router.get("/metrics", include_in_schema=False)
async def read_metrics(request: Request) -> Response:
    """Return the metrics of this process in the Prometheus text format."""
    return Response(exposition(request.app.state.registry), media_type=CONTENT_TYPE)


async def _database(sessions: Sessions) -> tuple[State, datetime | None]:
    try:
        async with sessions() as session:
            return "ok", await session.scalar(select(func.max(PositionBatch.committed_at)))
    except (SQLAlchemyError, OSError):
        return "away", None


def _degraded(database: State, bus: State, version: str | None) -> list[str]:
    sentences = []
    if database == "away":
        sentences.append("The database is away: nothing can be read or stored.")
    if bus == "away":
        sentences.append("The bus is away: the live map follows the database, a little later.")
    if version is None:
        sentences.append("No map is imported: travel times are straight-line estimates.")
    return sentences
