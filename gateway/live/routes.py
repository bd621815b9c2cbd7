"""`/ws/live`: log-in by cookie or first message, a view, then a snapshot and updates.

The client says {"token": …} (unless its cookie does) and, whenever it likes,
{"type": "view", "bounds": [west, south, east, north]}. It hears `snapshot`, `update`, `behind` and
`alive`; a scope that changes is a new snapshot. The socket is closed with 4401 when the log-in
ends, 4403 when its person may see nothing any more or it comes from a foreign page, and 1013
while the bus is away: what comes late is no live map.
"""

import asyncio
import json
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from fleet.access import COOKIE, Actor, load_actor
from fleet.permissions import Permission
from gateway.live.client import LiveClient
from gateway.live.feed import TRY_AGAIN_LATER, LiveFeed
from gateway.live.rights import FORBIDDEN, LOGGED_OUT
from gateway.live.views import Bounds, cells_of
from kit.clock import utc_now
from kit.database import Sessions, transaction
from kit.origins import host_of, is_from
from kit.settings import Settings
from tracking.live.service import journal_live

router = APIRouter()

_FIRST_MESSAGE_S = 10.0
_LONGEST_MESSAGE = 2_000


@router.websocket("/ws/live")
async def live(socket: WebSocket) -> None:
    """Serve one client until it leaves or its right to look ends."""
    settings: Settings = socket.app.state.settings
    feed: LiveFeed = socket.app.state.feed
    if not _from_our_page(socket, settings):
        await socket.close(FORBIDDEN)
        return
    await socket.accept()
    if feed.is_away:
        await socket.close(TRY_AGAIN_LATER)
        return
    token = socket.cookies.get(COOKIE) or await _first_token(socket)
    address = socket.client.host if socket.client else None
    actor = await _viewer(feed.sessions, token, address)
    if actor is None or token is None:
        await socket.close(LOGGED_OUT)
        return
    if Permission.LIVE_READ not in actor.permissions:
        await socket.close(FORBIDDEN)
        return
    units = feed.same(actor.scope(Permission.LIVE_READ))
    client = LiveClient(units, token, feed.counters)
    feed.clients.add(client)
    try:
        # Whatever changed since the rights were read was told before this client could be.
        await feed.rights.check((client,))
        await _until_first(
            _send(socket, feed, client), _listen(socket, client), _end(socket, client)
        )
    finally:
        feed.clients.discard(client)


def _from_our_page(socket: WebSocket, settings: Settings) -> bool:
    origin = socket.headers.get("origin")
    if origin is None:
        return True
    return is_from(origin, frozenset({socket.headers.get("host"), host_of(settings.public_url)}))


async def _first_token(socket: WebSocket) -> str | None:
    with suppress(TimeoutError, WebSocketDisconnect, ValueError):
        async with asyncio.timeout(_FIRST_MESSAGE_S):
            token = _object_in(await _receive(socket)).get("token")
        # JSON can spell half a surrogate pair, which no token has and no digest can be made of.
        if isinstance(token, str) and token.isascii():
            return token
    return None


async def _receive(socket: WebSocket) -> str:
    try:
        text = await socket.receive_text()
    except KeyError as error:
        raise ValueError("the message is no text") from error
    if len(text) > _LONGEST_MESSAGE:
        raise ValueError("the message is too long")
    return text


def _object_in(text: str) -> dict[str, object]:
    """Return the JSON object in `text`. Raises ValueError."""
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("the message is too deep") from error
    if not isinstance(found, dict):
        raise ValueError("the message is no object")
    return found


def _bounds_in(value: object) -> Bounds:
    """Return the box [west, south, east, north]. Raises ValueError."""
    if not isinstance(value, list) or len(value) != 4:
        raise ValueError("the bounds are no list of four numbers")
    if not all(type(edge) in (int, float) for edge in value):
        raise ValueError("an edge of the bounds is no number")
    try:
        return Bounds(*map(float, value))
    except OverflowError as error:
        raise ValueError("an edge of the bounds is too far away") from error


async def _viewer(sessions: Sessions, token: str | None, address: str | None) -> Actor | None:
    """Return who looks; whoever may is written into the journal, once for this sitting."""
    if token is None:
        return None
    now = utc_now()
    async with transaction(sessions) as session:
        actor = await load_actor(session, token, now)
        if actor is None or Permission.LIVE_READ not in actor.permissions:
            return actor
        await journal_live(session, actor, now, address)
        return actor


async def _send(socket: WebSocket, feed: LiveFeed, client: LiveClient) -> None:
    while not client.ended.done():
        if client.needs_snapshot and feed.can_show:
            client.unshown = feed.cells(client.cells)
            client.snapshot(feed.vehicles(client.units, client.unshown), utc_now())
        elif client.unshown and feed.can_show:
            if not (vehicles := feed.vehicles(client.units, client.unshown)):
                await asyncio.sleep(0)
                continue
            client.more(vehicles, utc_now())
        await socket.send_text(await client.waiting.get())
    await client.ended


async def _end(socket: WebSocket, client: LiveClient) -> None:
    await socket.close(await client.ended)


async def _listen(socket: WebSocket, client: LiveClient) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            try:
                message = _object_in(await _receive(socket))
                if message.get("type") == "view":
                    client.cells = cells_of(_bounds_in(message.get("bounds")))
                    client.needs_snapshot = True
                    client.alive()
            except ValueError:
                await socket.send_text('{"type":"error","title":"This is no view."}')


async def _until_first(*work: Coroutine[Any, Any, None]) -> None:
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            with suppress(WebSocketDisconnect, RuntimeError):
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
