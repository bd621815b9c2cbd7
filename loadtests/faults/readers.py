"""Everything that reads a terminal's bytes, without its socket: what fuzzed frames are fed to."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from gateway.protocols.jt808 import events as ev
from gateway.protocols.jt808.batch_frames import PHONE_OCTETS
from gateway.protocols.jt808.batch_messages import BATCH_ID, read_plain_batch
from gateway.protocols.jt808.session import Jt808Session
from gateway.terminals.reading import read_frames, read_messages
from gateway.terminals.waiting import PlainMessage, Segments
from loadtests.faults.fuzzing import PHONE
from tracking.path.copying import copy_stream
from tracking.path.judgement import JudgementRules

if TYPE_CHECKING:
    from gateway.terminals.link import TerminalLink

_RULES = JudgementRules(future_after=timedelta(minutes=10), stale_after=timedelta(days=366))
_NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
_RECEIVED_US = int(_NOW.timestamp()) * 1_000_000


class ReaderFailed(Exception):
    """A stage of the door's reading failed at some bytes; the door would read them one by one."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the stages ask of a link: its terminal's number in the register and on the wire."""

    terminal_no: int = 1
    signature: bytes = bytes.fromhex(PHONE.zfill(2 * PHONE_OCTETS))


@dataclass(slots=True)
class Readers:
    """The scalar session, and the door's stages up to the bytes that PostgreSQL gets.

    read: positions that the stages took; refused: frames that the session refused
    """

    read: int = 0
    events: int = 0
    refused: int = 0
    _session: Jt808Session = field(default_factory=Jt808Session)

    def feed(self, frames: Sequence[bytes]) -> None:
        """Let all of them read these frames. Raises whatever a reader should not raise."""
        self._feed_session(b"".join(frames))
        with _failures_raised():
            self._feed_stages(frames)

    def _feed_session(self, octets: bytes) -> None:
        events = self._session.receive(octets, _NOW)
        self._session.tick(_NOW + timedelta(hours=1))
        self._session.data_to_send()
        self.events += len(events)
        self.refused += sum(isinstance(event, ev.FrameRefused) for event in events)

    def _feed_stages(self, frames: Sequence[bytes]) -> None:
        link = cast("TerminalLink", _Known())
        segments, messages = Segments(), list[PlainMessage]()
        for one in frames:
            segments.add(link, one, _RECEIVED_US, 1)
        told = read_frames(segments, _RULES)
        copy_stream(told.columns, 1, 1)
        self.read += len(told.columns)
        for index in told.others:
            chunk = told.chunks.chunk(index)
            batch = read_plain_batch(chunk) if chunk.startswith(BATCH_ID) else None
            if batch is not None:
                messages.append(PlainMessage(link, chunk, _RECEIVED_US, batch))
        columns = read_messages(messages, _RULES) if messages else None
        if columns is not None:
            copy_stream(columns, 1, 1)
            self.read += len(columns)


class _failures_raised(logging.Handler):  # noqa: N801  (used as a context manager)
    """Raise what the stages only log, so that they can go on."""

    def __enter__(self) -> None:
        self._log = logging.getLogger("gateway.terminals.reading")
        self._log.addHandler(self)

    def __exit__(self, *_: object) -> None:
        self._log.removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        raise ReaderFailed(record.getMessage())
