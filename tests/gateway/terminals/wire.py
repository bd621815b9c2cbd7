"""A terminal on a real socket, beside the door in one loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from gateway.protocols.jt808 import session_messages as sm
from gateway.protocols.jt808.position import PositionReport, position_report
from gateway.protocols.jt808.terminal_side import Heard, Jt808Terminal

PHONE = "13900000000"  # the world's terminal a1
LATITUDE, LONGITUDE = 40.05, 110.05


def report(time: datetime, n: int = 0) -> PositionReport:
    """A position of that time; `n` moves it a little."""
    return position_report(
        time.replace(microsecond=0), LATITUDE + n * 1e-4, LONGITUDE, speed_kmh=40.0
    )


class Wire:
    """Speaks as a terminal does."""

    def __init__(
        self, terminal: Jt808Terminal, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.terminal, self.reader, self.writer = terminal, reader, writer

    def send(self) -> None:
        """Write what waits."""
        self.writer.write(self.terminal.data_to_send())

    async def hear(self) -> list[Heard]:
        """Read one piece of the platform's words; fails when the link has ended."""
        async with asyncio.timeout(20):
            data = await self.reader.read(65_536)
        assert data, "the link was closed"
        return self.terminal.receive(data)

    async def settled(self) -> list[Heard]:
        """Write what waits, and read until everything is answered."""
        self.send()
        heard: list[Heard] = []
        while self.terminal.unacknowledged:
            heard += await self.hear()
        return heard

    async def answered(self) -> list[Heard]:
        """Write what waits, and return the next words."""
        self.send()
        heard: list[Heard] = []
        while not heard:
            heard = await self.hear()
        return heard

    async def log_in(self) -> None:
        """Register and authenticate."""
        self.terminal.register(sm.Registration(23, 100, "TEST", "T-1", "0000001", 1, "示A10001"))
        await self.settled()
        self.terminal.authenticate()
        await self.settled()

    async def ended(self) -> None:
        """Return when the platform has ended the link."""
        async with asyncio.timeout(20):
            try:
                while await self.reader.read(65_536):
                    pass
            except ConnectionError:
                return


@asynccontextmanager
async def on_wire(
    port: int, phone: str = PHONE, terminal: Jt808Terminal | None = None
) -> AsyncIterator[Wire]:
    """Yield a terminal that has connected and said nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Wire(terminal or Jt808Terminal(phone), reader, writer)
    finally:
        writer.transport.abort()
