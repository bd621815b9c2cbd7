"""What of a link is refused: kept as it came, counted, and a flood of it ends the link."""

import asyncio
import logging
from collections import deque
from datetime import datetime
from typing import TYPE_CHECKING

from fleet.terminals.identity import normal_phone
from gateway.protocols.jt808 import events as ev
from kit.clock import utc_now
from tracking.path.batches import Quarantined

if TYPE_CHECKING:
    from gateway.terminals.link import TerminalLink

log = logging.getLogger(__name__)

_KEPT_RAW_BYTES = 4096
_WITHIN_S = 60.0


class Refusals:
    """The refused frames of one link."""

    __slots__ = ("_link", "_recent")

    def __init__(self, link: "TerminalLink") -> None:
        self._link = link
        self._recent: deque[float] | None = None

    def refuse(self, refused: ev.FrameRefused) -> None:
        """Keep bytes that are no message, unanswered."""
        link = self._link
        link.door.counters.refused.labels(refused.reason.value).inc()
        if self._is_flooding():
            return
        log.warning(
            "frame refused",
            extra={**link.named, "reason": refused.reason.value, "octets": len(refused.raw)},
        )
        phone = normal_phone(refused.header.phone) if refused.header else None
        link.door.ingest.submit((), [self.kept(refused.raw, refused.reason.value, phone=phone)])
        self.note_defect()

    def quarantine(
        self, event: ev.Received, reason: str, *, unknown: bool
    ) -> "asyncio.Future[None] | None":
        """Keep a message that this link may not send; the future resolves when it is stored.

        None if its address has sent too many already: the link is closed.
        """
        self._link.door.counters.quarantined.labels(reason).inc()
        if self._is_flooding():
            return None
        frame = self.kept(
            event.raw,
            reason,
            phone=normal_phone(event.header.phone),
            unknown=unknown,
            plate=event.message.plate if unknown and isinstance(event, ev.Registering) else None,
        )
        return self._link.door.ingest.submit((), [frame])

    def _is_flooding(self) -> bool:
        door, link = self._link.door, self._link
        if door.refusals_kept.keep(link.address, door.clock_s()):
            return False
        link.close("flood of defects")
        return True

    def kept(
        self,
        raw: bytes,
        reason: str,
        *,
        now: datetime | None = None,
        phone: str | None = None,
        unknown: bool = False,
        plate: str | None = None,
    ) -> Quarantined:
        """Return bytes of this link as quarantine keeps them."""
        link = self._link
        return Quarantined(
            received_at=now or utc_now(),
            protocol="jt808",
            phone=phone or (link.terminal.phone if link.terminal else None),
            address=link.address,
            reason=reason,
            raw=raw[:_KEPT_RAW_BYTES],
            unknown_terminal=unknown,
            claimed_plate=plate,
        )

    def note_defect(self) -> None:
        """Count one more; too many within a minute end the link."""
        now_s = self._link.door.clock_s()
        recent = self._recent = self._recent or deque()
        recent.append(now_s)
        while now_s - recent[0] > _WITHIN_S:
            recent.popleft()
        if len(recent) > self._link.door.settings.link_defects_limit:
            self._link.close("flood of defects")
