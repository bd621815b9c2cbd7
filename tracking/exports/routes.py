"""The route of exports."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from kit.database import Sessions
from kit.web import DbSession, InstantIn
from tracking.exports.exporting import KINDS, Form, begin_export, write_export
from tracking.history.looking import Looking

router = APIRouter()

_TEXT = {"schema": {"type": "string"}}


@router.get(
    "/positions/export",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The file, written as it is read; its end states the count",
            "content": {kind.media.partition(";")[0]: _TEXT for kind in KINDS.values()},
        }
    },
)
async def export_positions(
    request: Request,
    look: Looking,
    session: DbSession,
    vehicle_id: UUID,
    start: InstantIn,
    end: InstantIn,
    form: Annotated[Form, Query(description="CSV holds doubtful positions too")],
) -> StreamingResponse:
    """A vehicle's positions in [start, end), 366 days at most, as GPX, KML, GeoJSON or CSV.

    Coordinates are WGS-84. The file names who took it out, when and for what; journalled.
    """
    export = await begin_export(session, look, vehicle_id, start, end, form)
    sessions: Sessions = request.app.state.sessions
    return StreamingResponse(
        write_export(sessions, export),
        media_type=KINDS[form].media,
        headers={"Content-Disposition": f'attachment; filename="track.{form}"'},
    )
