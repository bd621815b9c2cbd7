"""A platform in small for tests: a real TCP server that may withhold answers and drop links."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from gateway.protocols.jt808 import events as ev
from gateway.protocols.jt808.position import PositionReport
from gateway.protocols.jt808.session import Jt808Session
from gateway.protocols.jt808.session_messages import RegistrationResult, Result

TOKEN = "test-token"


@dataclass
class SmallPlatform:
    """Takes positions; `answering` says whether it acknowledges them."""

    answering: bool = True
    known: bool = True
    received: list[PositionReport] = field(default_factory=list)
    messages: list[tuple[bool, int]] = field(default_factory=list)
    """Of each message of positions: whether it was sent blind, and how many it held."""
    registrations: int = 0
    authentications: int = 0
    heartbeats: int = 0
    port: int = 0
    _server: asyncio.Server | None = None
    _links: set[asyncio.StreamWriter] = field(default_factory=set)

    async def open(self) -> None:
        """Listen, on the same port as before if there was one."""
        self._server = await asyncio.start_server(self._link, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def shut(self) -> None:
        """Stop listening and drop every link."""
        if self._server is not None:
            self._server.close()
        self.drop()

    def drop(self) -> None:
        """Drop every link without a word."""
        for link in self._links:
            link.transport.abort()

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Jt808Session()
        self._links.add(writer)
        try:
            while data := await reader.read(65_536):
                for event in session.receive(data, datetime.now(UTC)):
                    self._handle(session, event)
                writer.write(session.data_to_send())
        except OSError:
            pass
        finally:
            self._links.discard(writer)
            writer.close()

    def _handle(self, session: Jt808Session, event: ev.Event) -> None:
        match event:
            case ev.Registering():
                self.registrations += 1
                result = RegistrationResult.OK if self.known else RegistrationResult.NO_SUCH_VEHICLE
                session.reply_registered(event, result, TOKEN if self.known else "")
            case ev.Authenticating(token=token):
                self.authentications += 1
                session.reply(event, Result.OK if token == TOKEN else Result.FAILED)
            case ev.PositionsReceived():
                self.received += event.positions
                self.messages.append((event.blind, len(event.positions)))
                if self.answering:
                    session.reply(event, Result.OK)
            case ev.Heartbeat():
                self.heartbeats += 1
                session.reply(event, Result.OK)
            case _:
                raise AssertionError(event)
