"""A browser's side of the live feed."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


class Watcher:
    """Hears the feed and keeps what the map would show."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.seen: list[dict[str, Any]] = []
        self.text = ""  # as it came, and unescaped
        self.map: dict[str, dict[str, Any]] = {}

    async def hear(self) -> dict[str, Any]:
        """Return the next message but signs of life; fails when the socket is closed."""
        async with asyncio.timeout(20):
            while True:
                text = await self._received()
                message: dict[str, Any] = json.loads(text)
                if message["type"] != "alive":
                    break
        self.seen.append(message)
        if message["type"] == "snapshot":
            self.map.clear()
        for vehicle in message.get("vehicles", ()):
            self.map[vehicle["plate"]] = vehicle
        gone = set(message.get("gone", ()))
        self.map = {plate: v for plate, v in self.map.items() if v["id"] not in gone}
        return message

    async def until_map_shows(self, plates: set[str]) -> None:
        """Return when the map shows exactly these plates."""
        while set(self.map) != plates:
            await self.hear()

    async def view(self, west: float, south: float, east: float, north: float) -> None:
        """Look at a part of the map."""
        bounds = [west, south, east, north]
        await self.socket.send(json.dumps({"type": "view", "bounds": bounds}))

    async def _received(self) -> str:
        text = str(await self.socket.recv())
        self.text += text + unescaped(text)
        return text

    async def closed(self) -> int:
        """Return the code with which the server closes the socket."""
        async with asyncio.timeout(20):
            try:
                while True:
                    await self._received()
            except ConnectionClosed as end:
                return end.rcvd.code if end.rcvd else 0


def unescaped(text: str) -> str:
    """Return a message with every character as itself, so that words can be looked for."""
    return json.dumps(json.loads(text), ensure_ascii=False)


@asynccontextmanager
async def watching(
    server: str, token: str | None, origin: str | None = None
) -> AsyncIterator[Watcher]:
    """Yield a watcher that has said its token."""
    async with connect(
        f"ws://{server}/ws/live", additional_headers={"Origin": origin} if origin else None
    ) as socket:
        if token is not None:
            await socket.send(json.dumps({"token": token}))
        yield Watcher(socket)
