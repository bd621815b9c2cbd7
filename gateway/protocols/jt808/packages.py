"""Messages in several packages: split, and put together again (2013 and 2019, 4.4.3 and 7.12).

Packages of one message have consecutive serials, so that (message id, serial of package 1) names
it. The declared total is the sender's word only: memory is given for what arrived, within limits.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateway.protocols.jt808.errors import Defect, FrameError
from gateway.protocols.jt808.header import (
    LONGEST_BODY,
    Header,
    Package,
    Packet,
    encode_header,
)


@dataclass(frozen=True, slots=True)
class PackageLimits:
    """How much one link may have unfinished, and how patiently missing packages are asked for."""

    messages: int = 4
    packages: int = 512
    bytes_held: int = 512 * 1024
    age_s: float = 300.0
    ask_after_s: float = 10.0
    ask_times: int = 3

    def __post_init__(self) -> None:
        if min(self.messages, self.packages, self.bytes_held) < 1:
            raise ValueError("a link must be allowed at least one package")
        if self.age_s <= 0 or self.ask_after_s <= 0:
            raise ValueError("package times must be positive")


@dataclass(frozen=True, slots=True)
class Missing:
    """Packages to ask for again; `header` is that of a package which arrived."""

    header: Header
    first_serial: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WholeMessage:
    """A message put together: `header` of its first package, serials in package order."""

    header: Header
    serials: tuple[int, ...]
    body: bytes
    raw: bytes


@dataclass(slots=True)
class _Open:
    """A message still being put together."""

    total: int
    began: datetime
    touched: datetime
    asked: int = 0
    packets: dict[int, Packet] = field(default_factory=dict)


_Key = tuple[int, int]


class Reassembler:
    """Puts the split messages of one link together."""

    def __init__(self, limits: PackageLimits) -> None:
        self._limits = limits
        self._open: dict[_Key, _Open] = {}
        self._held = 0
        self._given_up: list[WholeMessage] = []

    @property
    def is_idle(self) -> bool:
        """Whether no message is unfinished."""
        return not self._open

    def add(self, packet: Packet, package: Package, now: datetime) -> WholeMessage | None:
        """Return the message that `packet` completes, if it does.

        Raises FrameError PACKAGES when the message has more packages than allowed. To make room
        within the other limits the longest untouched message is given up.
        """
        if package.total > self._limits.packages:
            raise FrameError(Defect.PACKAGES)
        first_serial = (packet.header.serial - package.number + 1) & 0xFFFF
        key = (packet.header.message_id, first_serial)
        opened = self._open.get(key)
        if opened is not None and opened.total != package.total:
            # Serials wrap: this is a later message, the earlier one can't be completed any more.
            self._give_up(key)
            opened = None
        if opened is None:
            opened = self._open[key] = _Open(package.total, now, now)
        replaced = opened.packets.get(package.number)
        self._held += len(packet.raw) - (len(replaced.raw) if replaced else 0)
        opened.packets[package.number] = packet
        opened.touched = now
        if len(opened.packets) == opened.total:
            return _join(self._close(key))
        self._make_room(key)
        return None

    def tick(self, now: datetime) -> list[Missing]:
        """Give up the messages that are too old; return what to ask for again."""
        missing: list[Missing] = []
        for key, opened in list(self._open.items()):
            if now - opened.began >= timedelta(seconds=self._limits.age_s):
                self._give_up(key)
            elif (
                now - opened.touched >= timedelta(seconds=self._limits.ask_after_s)
                and opened.asked < self._limits.ask_times
            ):
                opened.asked += 1
                opened.touched = now
                absent = (n for n in range(1, opened.total + 1) if n not in opened.packets)
                missing.append(Missing(_join(opened).header, key[1], tuple(absent)))
        return missing

    def take_given_up(self) -> list[WholeMessage]:
        """Return, once, the incomplete messages that were given up. They were never acknowledged,
        so that the terminal will send them again."""
        given_up, self._given_up = self._given_up, []
        return given_up

    def _make_room(self, newest: _Key) -> None:
        while len(self._open) > self._limits.messages or self._held > self._limits.bytes_held:
            others = [key for key in self._open if key != newest]
            oldest = min(others, key=lambda key: self._open[key].touched, default=newest)
            self._give_up(oldest)

    def _give_up(self, key: _Key) -> None:
        self._given_up.append(_join(self._close(key)))

    def _close(self, key: _Key) -> _Open:
        opened = self._open.pop(key)
        self._held -= sum(len(packet.raw) for packet in opened.packets.values())
        return opened


def _join(opened: _Open) -> WholeMessage:
    packets = [opened.packets[number] for number in sorted(opened.packets)]
    return WholeMessage(
        packets[0].header,
        tuple(packet.header.serial for packet in packets),
        b"".join(packet.body for packet in packets),
        b"".join(packet.raw for packet in packets),
    )


def payloads(header: Header, body: bytes) -> list[tuple[int, bytes]]:
    """Return serial and payload (header and body, unescaped) of each package of a message; one
    plain payload if the body is short enough."""
    if len(body) <= LONGEST_BODY:
        return [(header.serial, encode_header(header.carrying(len(body))) + body)]
    total = -(-len(body) // LONGEST_BODY)
    packages: list[tuple[int, bytes]] = []
    for number in range(1, total + 1):
        part = body[(number - 1) * LONGEST_BODY : number * LONGEST_BODY]
        numbered = header.carrying(len(part), Package(total, number))
        packages.append((numbered.serial, encode_header(numbered) + part))
    return packages
