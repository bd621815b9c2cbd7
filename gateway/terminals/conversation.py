"""What a terminal and the platform say to each other on one link, but for gathered positions.

Events are handled in the order of their arrival: while the register is asked about one, the later
ones wait.
"""

import asyncio
import hmac
import logging
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from fleet.terminals.identity import KnownTerminal, normal_phone
from fleet.words import Authentication
from gateway.protocols.jt808 import events as ev
from gateway.protocols.jt808.session_messages import RegistrationResult, Result
from gateway.terminals.jt808_positions import position_of
from gateway.terminals.refusals import Refusals
from kit.clock import utc_now
from tracking.path.positions import judged

if TYPE_CHECKING:
    from gateway.terminals.link import TerminalLink

log = logging.getLogger(__name__)


class Conversation:
    """The events of one link; `asking` is the question to the register that later ones wait for."""

    __slots__ = ("_events", "_link", "_refusals", "asking")

    def __init__(self, link: "TerminalLink") -> None:
        self._link = link
        self._refusals = Refusals(link)
        self._events: deque[ev.Event] | None = None
        self.asking: asyncio.Task[None] | None = None

    def hear(self, events: Iterable[ev.Event]) -> None:
        """Handle events, or let them wait for their turn."""
        waiting = deque() if self._events is None else self._events
        waiting.extend(events)
        while waiting and self.asking is None and not self._link.closed:
            event = waiting.popleft()
            if isinstance(event, ev.FrameRefused):
                self._refusals.refuse(event)
            elif self._link.terminal is not None and self._handle_known(event):
                continue
            else:
                self.asking = asyncio.ensure_future(self._ask(event))
                self.asking.add_done_callback(self._asked)
                # What would wait meanwhile, waits with the peer.
                self._link.pause()
        # Most links never wait: they need no queue.
        self._events = waiting or None
        self._link.write(self._link.session.data_to_send())
        self._note_unfinished()

    def end(self) -> None:
        """Forget what waits; what the link broke off is kept as refused."""
        self._events = None
        if self.asking is not None:
            self.asking.cancel()
        for left in self._link.session.finish():
            if isinstance(left, ev.FrameRefused):
                self._refusals.refuse(left)

    def _note_unfinished(self) -> None:
        link = self._link
        if link.session.awaits_packages and not link.closed:
            link.door.unfinished.add(link)
        else:
            link.door.unfinished.discard(link)

    def _handle_known(self, event: ev.Received) -> bool:
        """Handle what needs no question to the register; return whether it was that."""
        link = self._link
        if not link.signs(event.header):
            self._quarantine(event, "another number on this link")
            return True
        match event:
            case ev.Registering() | ev.Authenticating():
                return False
            case ev.PositionsReceived():
                self._take_positions(event)
            case ev.TimeAsked():
                link.session.reply_time(event, utc_now())
            case ev.CommandAnswered():
                pass
            case ev.LoggedOut() | ev.Heartbeat():
                link.session.reply(event, Result.OK)
            case _:
                link.session.reply(event, Result.UNSUPPORTED)
        return True

    async def _ask(self, event: ev.Received) -> None:
        """Handle what needs the register."""
        door, session = self._link.door, self._link.session
        phone = normal_phone(event.header.phone)
        terminal = await door.known.find(phone, door.clock_s())
        if terminal is None:
            if isinstance(event, ev.Registering):
                session.reply_registered(event, RegistrationResult.NO_SUCH_TERMINAL)
            self._quarantine(event, "unknown terminal", unknown=True)
            return
        match event:
            case ev.Registering(message=message):
                token = await door.known.register(
                    terminal, message.maker, message.model, self._link.address, utc_now()
                )
                session.reply_registered(event, RegistrationResult.OK, token)
            case ev.Authenticating(token=token):
                await self._authenticate(event, phone, token)
            case _ if terminal.authentication is Authentication.NUMBER:
                await self._identify(terminal)
                self._handle_known(event)
            case _:
                self._quarantine(event, "not authenticated")

    def _asked(self, task: "asyncio.Task[None]") -> None:
        self.asking = None
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, (SQLAlchemyError, OSError)):
            self._link.close("register away")
        elif error is not None:
            log.error("link failed", exc_info=error, extra=self._link.named)
            self._link.close("failed")
        else:
            self.hear(())
            self._link.read_on()

    async def _authenticate(self, event: ev.Authenticating, phone: str, token: str) -> None:
        door = self._link.door
        door.known.forget(phone)
        terminal = await door.known.find(phone, door.clock_s())
        if terminal is None or not _proves(terminal, token):
            self._quarantine(event, "wrong token")
            return
        await self._identify(terminal)
        self._link.session.reply(event, Result.OK)

    async def _identify(self, terminal: KnownTerminal) -> None:
        epoch = await self._link.door.known.take_over(terminal.no)
        self._link.identify(terminal, epoch)

    def _take_positions(self, event: ev.PositionsReceived) -> None:
        door, no = self._link.door, self._link.terminal_no
        now = utc_now()
        rows = [
            judged(position_of(p, no, backfilled=event.blind), now, door.rules)
            for p in event.positions
        ]
        unread = [
            self._refusals.kept(piece, "unread item of a batch", now=now) for piece in event.unread
        ]
        self._await_commit(door.ingest.submit(rows, unread), event, Result.OK, positions=len(rows))

    def _quarantine(self, event: ev.Received, reason: str, *, unknown: bool = False) -> None:
        done = self._refusals.quarantine(event, reason, unknown=unknown)
        if done is None:
            return
        if not isinstance(event, ev.Registering):
            self._await_commit(done, event, Result.FAILED)
        self._refusals.note_defect()

    def _await_commit(
        self,
        done: "asyncio.Future[None]",
        event: ev.Received,
        result: Result,
        positions: int = 0,
    ) -> None:
        link = self._link
        link.await_answer(1)

        def answer(committed: "asyncio.Future[None]") -> None:
            answers = b""
            if not committed.cancelled() and committed.exception() is None:
                link.session.reply(event, result)
                link.door.counters.positions.inc(positions)
                answers = link.session.data_to_send()
            link.answered(answers, 1)

        done.add_done_callback(answer)


def _proves(terminal: KnownTerminal, token: str) -> bool:
    if terminal.authentication is Authentication.NUMBER:
        return True
    expected = terminal.token
    return expected is not None and hmac.compare_digest(expected.encode(), token.encode())
