"""How the system is: `/health` for supervisors and people, `/metrics` for Prometheus.

Both answer anybody who can reach the port, and tell nothing of the agency.
"""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from gateway.http.ailments import SENTENCES, Ailment
from gateway.http.watching import HealthWatch, State
from kit.metrics import CONTENT_TYPE, Figure, exposition, gauge
from kit.web import Now

router = APIRouter()


class Degradation(BaseModel):
    """One thing that ails: what, since when, and for how many seconds."""

    reason: Ailment
    since: datetime
    for_s: float
    sentence: str


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
    reasons: Annotated[list[Degradation], Field(description="The same, for machines")]


@router.get("/health", responses={503: {"model": Health}})
async def read_health(request: Request, response: Response, now: Now) -> Health:
    """Say what works and what does not; 503 when the database is away."""
    watch: HealthWatch = request.app.state.health
    seen = await watch.look()
    reasons = [
        Degradation(
            reason=reason,
            since=since,
            for_s=max((now - since).total_seconds(), 0.0),
            sentence=SENTENCES[reason],
        )
        for reason, since in seen.since.items()
    ]
    if seen.database == "away":
        response.status_code = 503
    last = seen.last_commit_at
    return Health(
        status="down" if seen.database == "away" else "degraded" if reasons else "ok",
        database=seen.database,
        bus=seen.bus,
        map=seen.map,
        last_commit_at=last,
        last_commit_age_s=(now - last).total_seconds() if last else None,
        degraded=[one.sentence for one in reasons],
        reasons=reasons,
    )


@router.get("/metrics", include_in_schema=False)
async def read_metrics(request: Request) -> Response:
    """Return the metrics of this process in the Prometheus text format."""
    return Response(exposition(request.app.state.registry), media_type=CONTENT_TYPE)


def health_figures(watch: HealthWatch) -> tuple[Figure, ...]:
    """Return what was found when it was looked last, named."""

    def degraded() -> dict[str, float] | None:
        seen = watch.seen
        return None if seen is None else {one.value: float(one in seen.since) for one in Ailment}

    return (
        gauge("gongche_degraded", "1 for each reason that /health gives", degraded, "reason"),
        gauge(
            "gongche_database_answer_seconds",
            "The database's answer to /health",
            lambda: watch.seen.database_s if watch.seen else None,
        ),
    )
