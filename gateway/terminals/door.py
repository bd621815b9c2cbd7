"""The terminals' door: listens, admits links, closes them when nothing can be committed.

Terminals store their data when the link is down, not when answers are missing (JT/T 808, 6.1.2):
if no commit succeeds for a while, links and the listener are closed; when commits succeed again,
the listener opens and links are admitted at a limited rate.
"""

import asyncio
import logging
import socket
from itertools import takewhile
from typing import Self

from prometheus_client import CollectorRegistry

from gateway.terminals.admission import Admission, RefusalsKept
from gateway.terminals.counters import Counters
from gateway.terminals.gathering import PositionGathering
from gateway.terminals.known import KnownTerminals
from gateway.terminals.link import TerminalLink
from gateway.terminals.listener import Listener, listen
from gateway.terminals.sockets import Connection, Sockets
from kit.bus import BATCHES, Bus
from kit.clock import utc_now
from kit.database import Sessions, plain_url
from kit.ending import pause
from kit.settings import Settings
from tracking.path.ingest import Ingest
from tracking.path.judgement import JudgementRules

log = logging.getLogger(__name__)

_TICK_S = 1.0
_EPOCHS_EVERY_TICKS = 5


class TerminalDoor:
    """All links of one gateway process and the ingest that they feed."""

    def __init__(
        self, settings: Settings, sessions: Sessions, bus: Bus, registry: CollectorRegistry
    ) -> None:
        self.settings = settings
        self.counters = Counters(registry)
        self.known = KnownTerminals(sessions)
        self.rules = JudgementRules.of(settings)
        self.ingest = Ingest(
            plain_url(settings.required_database_url),
            f"gateway {settings.host}:{settings.jt808_port}",
            batch_positions=settings.batch_positions,
            patience_s=settings.commit_patience_s,
            publish=lambda writer_no, n: bus.hint(BATCHES, writer_no, n),
            on_stalled=self._shut,
            on_recovered=self._reopen,
        )
        self.gathering = PositionGathering(self.ingest, self.rules, self.counters)
        self.sockets = Sockets()
        self.clock_s = asyncio.get_running_loop().time
        self._links: set[TerminalLink] = set()
        # Links with a split message, of which packages are still awaited.
        self.unfinished: set[TerminalLink] = set()
        self._by_terminal: dict[int, TerminalLink] = {}
        # Links that have not proved who they are, the oldest first, and since when they stand.
        self._strangers: dict[TerminalLink, float] = {}
        self._admission = Admission(settings)
        self.refusals_kept = RefusalsKept(settings.address_defects_limit)
        # Links that have said too much within a second.
        self.resting: set[TerminalLink] = set()
        self._listener: Listener | None = None
        self._port = settings.jt808_port
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = False

    @property
    def port(self) -> int:
        """The port that is listened on (useful when the setting is 0)."""
        return self._port

    @property
    def held(self) -> int:
        """How many links are open."""
        return len(self._links)

    async def __aenter__(self) -> Self:
        self.sockets.open()
        self._tasks = [
            asyncio.create_task(self.ingest.run()),
            asyncio.create_task(self._tick()),
        ]
        await self._listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop reading, commit, acknowledge, close (a graceful stop)."""
        self._closing = True
        self._stop_listening()
        for link in self._links:
            link.stop_reading()
        self.ingest.close()
        await self._tasks[0]
        await asyncio.sleep(0)
        for link in list(self._links):
            link.end()
        self._tasks[1].cancel()
        self.sockets.close()

    async def until(self, stop: asyncio.Event) -> None:
        """Return when `stop` is set; raise what has ended the door's own work."""
        asked = asyncio.create_task(stop.wait())
        work = self._tasks[:2]
        await asyncio.wait({asked, *work}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        for task in work:
            if task.done():
                task.result()

    async def _listen(self) -> None:
        self._listener = await listen(self.settings.host, self._port, self._accept)
        # A door that is opened again is found where it was.
        self._port = self._listener.port
        log.info("terminals' door is open", extra={"port": self.port})

    def _stop_listening(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    # -- links --------------------------------------------------------------------------------

    def _accept(self, accepted: socket.socket, address: str) -> None:
        if self.ingest.state.stalled or not self._admission.admit(address, self.clock_s()):
            self.counters.closed.labels("not admitted").inc()
            accepted.close()
            return
        self.sockets.add(accepted, lambda connection: self._link(connection, address))
        self.counters.links.set(len(self._links))

    def _link(self, connection: Connection, address: str) -> TerminalLink:
        link = TerminalLink(self, connection, address)
        self._links.add(link)
        self._strangers[link] = self.clock_s()
        return link

    def left(self, link: TerminalLink) -> None:
        """Forget a link that has ended."""
        if link not in self._links:
            return
        self._links.discard(link)
        self.unfinished.discard(link)
        self.resting.discard(link)
        self._strangers.pop(link, None)
        self._admission.left(link.address)
        if link.terminal and self._by_terminal.get(link.terminal.no) is link:
            del self._by_terminal[link.terminal.no]
        self.counters.links.set(len(self._links))

    def identified(self, link: TerminalLink) -> None:
        """Note whose link this is; an older one of the same terminal ends."""
        assert link.terminal is not None
        self._strangers.pop(link, None)
        other = self._by_terminal.get(link.terminal.no)
        if other is not None and other is not link and other.epoch > link.epoch:
            link.close("taken over by a newer link")
            return
        self._by_terminal[link.terminal.no] = link
        if other is not None and other is not link:
            other.close("taken over by a newer link")

    # -- time passes --------------------------------------------------------------------------

    async def _tick(self) -> None:
        ticks = 0
        while True:
            await pause(_TICK_S)
            ticks += 1
            self.end_idle_links(self.clock_s())
            for link in list(self.unfinished):
                link.tick(utc_now())
            rested, self.resting = self.resting, set()
            for link in rested:
                link.rest_over()
            if ticks % _EPOCHS_EVERY_TICKS == 0 and not self.ingest.state.stalled:
                await self._end_overtaken_links()

    def end_idle_links(self, now_s: float) -> None:
        """Close the links that are silent, or still strange, for too long at this time."""
        idle_since_s = now_s - self.settings.link_idle_s
        for link in [one for one in self._links if one.heard_s < idle_since_s]:
            link.close("idle")
        # Whoever sends a byte now and then is never idle, and may mean nothing else.
        strange_since_s = now_s - self.settings.link_identify_s
        for link in [
            *takewhile(lambda one: self._strangers[one] < strange_since_s, self._strangers)
        ]:
            link.close("not identified")

    async def _end_overtaken_links(self) -> None:
        held = dict(self._by_terminal)
        epochs = {no: link.epoch for no, link in held.items()}
        try:
            overtaken = await self.known.overtaken(epochs)
        except Exception:
            log.warning("link epochs could not be read", exc_info=True)
            return
        for no in overtaken:
            # A link that has authenticated anew meanwhile is the newest again.
            if held[no].epoch == epochs[no]:
                held[no].close("taken over in another process")

    # -- the database is away, and back -------------------------------------------------------

    def _shut(self) -> None:
        log.error("nothing can be committed: closing links and listener, terminals will store")
        self._stop_listening()
        self.ingest.give_up()
        for link in list(self._links):
            link.close("database away")

    def _reopen(self) -> None:
        if not self._closing:
            self._tasks.append(asyncio.ensure_future(self._listen()))
