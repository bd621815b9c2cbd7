"""The message header (2013 table 2 and 2019 table 2, section 4.4.3).

    id WORD | attributes WORD | [version BYTE, 2019] | phone BCD[6], 2019 BCD[10] | serial WORD
    | [total WORD, number WORD, when attribute bit 13 is set] | body

Attributes: bits 0-9 body length, 10-12 encryption, 13 several packages, 14 version flag, 15 spare.
The version flag lies in both directions in the field: the layout whose length fits is the one read.
"""

import struct
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import NamedTuple

from gateway.protocols.jt808.errors import Defect, FieldError, FrameError
from gateway.protocols.jt808.framing import DefectiveFrame, Frame

SHORT_SERIAL_IDS = frozenset({0x5501, 0x5502})
"""A vendor's messages: serial in one byte, attributes above the length of the vendor's own."""
LONGEST_BODY = 0x3FF
"""Bytes in one package."""
_PACKAGED = 0x2000
_VERSIONED = 0x4000
_OLD = struct.Struct(">HH6sH")
_SHORT = struct.Struct(">HH6sB")
_NEW = struct.Struct(">HHB10sH")
_PACKAGE = struct.Struct(">HH")


class Edition(IntEnum):
    """Editions of the standard. A header tells 2019 from the older two, never 2011 from 2013."""

    V2011 = 2011
    V2013 = 2013
    V2019 = 2019


class Package(NamedTuple):
    """Which part of a split message this is: `number` from 1 to `total`."""

    total: int
    number: int


@dataclass(frozen=True, slots=True)
class Header:
    """A header as sent. `phone` holds the 12 (2013) or 20 (2019) digits with their padding; it
    isn't decimal in terminals that pack another number into those bytes. `protocol_version` is
    None in the 2013 layout."""

    message_id: int
    phone: str
    serial: int
    attributes: int
    protocol_version: int | None = None
    package: Package | None = None

    @property
    def edition(self) -> Edition:
        """The edition whose layout the header has, whatever its version flag says."""
        return Edition.V2013 if self.protocol_version is None else Edition.V2019

    @property
    def body_length(self) -> int:
        """Bytes of this package's body, unescaped."""
        return self.attributes & LONGEST_BODY

    @property
    def encryption(self) -> int:
        """0 for none, 1 for RSA; the other values are reserved."""
        return 0 if self.message_id in SHORT_SERIAL_IDS else self.attributes >> 10 & 0b111

    def answering(self, message_id: int, serial: int) -> "Header":
        """Return a header for a message back to the sender of this one, in its own layout."""
        return Header(
            message_id, self.phone, serial, self.attributes & _VERSIONED, self.protocol_version
        )

    def carrying(self, body_length: int, package: Package | None = None) -> "Header":
        """Return this header for a body of `body_length` bytes, part of a split message or not.

        The first package keeps the serial; those after it count on.
        """
        if body_length > LONGEST_BODY:
            raise FieldError(f"a package holds {LONGEST_BODY} bytes, not {body_length}")
        attributes = self.attributes & ~(LONGEST_BODY | _PACKAGED) | body_length
        if package is None:
            return replace(self, attributes=attributes, package=None)
        serial = (self.serial + package.number - 1) & 0xFFFF
        return replace(self, serial=serial, attributes=attributes | _PACKAGED, package=package)


@dataclass(frozen=True, slots=True)
class Packet:
    """One whole frame with its header read: `raw` as received, `body` unescaped."""

    raw: bytes
    header: Header
    body: bytes


def plain_header(message_id: int, phone: str, serial: int, edition: Edition) -> Header:
    """Return a header without body or packages, as an honest sender of `edition` writes it."""
    if edition is Edition.V2019:
        return Header(message_id, phone.zfill(20), serial, _VERSIONED, 1)
    return Header(message_id, phone.zfill(12), serial, 0)


def encode_header(header: Header) -> bytes:
    """Return the header's 12 to 21 bytes. Raises FieldError when a value doesn't fit."""
    try:
        phone = bytes.fromhex(header.phone)
    except ValueError:
        raise FieldError(f"phone {header.phone!r} isn't made of digits") from None
    if len(phone) != (6 if header.protocol_version is None else 10):
        raise FieldError(f"phone {header.phone!r} has the wrong length for its edition")
    start = (header.message_id, header.attributes)
    layout = _layout(header.message_id, header.protocol_version is not None)
    try:
        if header.protocol_version is None:
            fixed = layout.pack(*start, phone, header.serial)
        else:
            fixed = layout.pack(*start, header.protocol_version, phone, header.serial)
        return fixed if header.package is None else fixed + _PACKAGE.pack(*header.package)
    except struct.error as error:
        raise FieldError(str(error)) from None


def decode_header(payload: bytes) -> tuple[Header, bytes]:
    """Return the header and the body of an unescaped payload.

    Raises FrameError: LENGTH when the declared length fits no layout, HEADER for impossible
    package numbers.
    """
    if len(payload) < _OLD.size:
        raise FrameError(Defect.TRUNCATED)
    message_id, attributes = int.from_bytes(payload[:2]), int.from_bytes(payload[2:4])
    flagged = bool(attributes & _VERSIONED)
    packaged = bool(attributes & _PACKAGED) and message_id not in SHORT_SERIAL_IDS
    for is_new in (flagged, not flagged):
        size = _layout(message_id, is_new).size + (_PACKAGE.size if packaged else 0)
        if len(payload) - size != attributes & LONGEST_BODY:
            continue
        header = _read(payload, is_new, packaged)
        if is_new == flagged or header.phone.isdecimal():
            return header, payload[size:]
    raise FrameError(Defect.LENGTH)


def open_frame(received: Frame) -> Packet | DefectiveFrame:
    """Return the frame with its header read, or why it can't be."""
    try:
        header, body = decode_header(received.payload)
    except FrameError as error:
        return DefectiveFrame(received.raw, error.reason)
    return Packet(received.raw, header, body)


def _layout(message_id: int, is_new: bool) -> struct.Struct:
    if message_id in SHORT_SERIAL_IDS:
        return _SHORT
    return _NEW if is_new else _OLD


def _read(payload: bytes, is_new: bool, packaged: bool) -> Header:
    message_id = int.from_bytes(payload[:2])
    layout = _layout(message_id, is_new)
    version: int | None = None
    if layout is _NEW:
        _, attributes, version, phone, serial = layout.unpack_from(payload)
    else:
        _, attributes, phone, serial = layout.unpack_from(payload)
    package = None
    if packaged:
        package = Package(*_PACKAGE.unpack_from(payload, layout.size))
        if not 1 <= package.number <= package.total:
            raise FrameError(Defect.HEADER)
    return Header(message_id, phone.hex(), serial, attributes, version, package)
