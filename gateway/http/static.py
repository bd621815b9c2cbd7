"""The pages of the browser side and the imported map's files.

The console stands at `/`, the phone pages at `/m`; both route by path themselves, so that every
address that nothing else has claimed answers with their page.
"""

from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from fleet.access import Actor, AllowAnyone
from kit.errors import NotFound
from kit.web import AppSettings

maps_router = APIRouter(include_in_schema=False)

_ROOT = Path(__file__).resolve().parents[2]
# In a wheel the pages lie beside this file; in a checkout, where Vite builds them.
_SITES = (Path(__file__).resolve().parent / "site", _ROOT / "web" / "dist")

_RESERVED = frozenset({"api", "maps", "ws", "osmand"})

_NOT_BUILT = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>公务用车调度与监督平台</title>
<p>页面尚未构建。请运行 <code>make web</code>,然后刷新。</p>
<p lang="en">The pages are not built yet. Run <code>make web</code> and reload.</p>
</html>
"""

MapFile = Literal["basemap.pmtiles", "manifest.json", "places.json"]


def current_map(maps_dir: Path) -> Path | None:
    """Return the folder of the map in use; None before the first import."""
    folder = maps_dir / "current"
    return folder if (folder / "manifest.json").is_file() else None


def map_version(maps_dir: Path) -> str | None:
    """Return the name of the map in use; None before the first import."""
    folder = current_map(maps_dir)
    return folder.resolve().name if folder else None


@maps_router.get("/maps/current/{name}")
async def read_map_file(
    name: MapFile, _actor: Annotated[Actor, AllowAnyone()], settings: AppSettings
) -> FileResponse:
    """Return a file of the map in use, by byte ranges where asked (RFC 9110 section 14)."""
    folder = current_map(settings.maps_dir)
    if folder is None or not (folder / name).is_file():
        raise NotFound("No map is imported.")
    # The name stays while the version changes, so a copy is asked about before each use.
    return FileResponse(folder / name, headers={"Cache-Control": "private, no-cache"})


class Site:
    """Answers addresses that no route has claimed: with a page, or with `not-found`."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._assets = StaticFiles(directory=folder / "assets", check_dir=False) if folder else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a WebSocket is closed."""
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        response = await self._response(scope)
        await response(scope, receive, send)

    async def _response(self, scope: Scope) -> Response:
        first, _, rest = scope["path"].lstrip("/").partition("/")
        if first in _RESERVED or scope["method"] not in {"GET", "HEAD"}:
            raise NotFound("There is nothing at this address.")
        if self._folder is None or self._assets is None:
            return HTMLResponse(_NOT_BUILT, headers={"Cache-Control": "no-store"})
        if first == "assets":
            answer = await self._assets.get_response(rest, scope)
            # Their names carry a digest of their content.
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
            return answer
        if not rest and "." in first:
            return _file(self._folder, first)
        return _file(self._folder, "m.html" if first == "m" else "index.html")


def built_site() -> Path | None:
    """Return the folder of the built pages; None before `make web`."""
    return next((folder for folder in _SITES if (folder / "index.html").is_file()), None)


def _file(site: Path, name: str) -> FileResponse:
    """Return a file that lies directly in `site`. Raises NotFound."""
    path = site / name
    if name.startswith(".") or "\\" in name or not path.is_file():
        raise NotFound("There is nothing at this address.")
    return FileResponse(path, headers={"Cache-Control": "no-cache"})
