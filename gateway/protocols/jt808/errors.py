"""What can be wrong with JT/T 808 bytes or values.

    Jt808Error
    ├── FrameError   received bytes are not a frame or a message; carries its `Defect`
    └── FieldError   a body ends too early, or a value doesn't fit its declared field

A reader never raises these for what the other side sent: `FrameReader` and the sessions turn them
into values (`DefectiveFrame`, `FrameRefused`), because one bad frame must not end a link.
"""

from enum import StrEnum


class Defect(StrEnum):
    """Why bytes were refused. The value is the label under which they are counted."""

    GARBAGE = "garbage"
    """Bytes outside any frame."""
    TRUNCATED = "truncated"
    """Fewer bytes than the shortest header and a checksum, or the link ended inside a frame."""
    OVERSIZE = "oversize"
    """More bytes between two flags than the longest legal message can escape to."""
    BAD_ESCAPE = "bad_escape"
    """0x7D followed by neither 0x01 nor 0x02."""
    CHECKSUM = "checksum"
    """The XOR of the unescaped bytes is wrong."""
    LENGTH = "length"
    """The declared body length fits neither the 2013 nor the 2019 header."""
    HEADER = "header"
    """A package number of zero, or beyond its own total."""
    ENCRYPTED = "encrypted"
    """The body is encrypted, and we hold no key."""
    BODY = "body"
    """The body doesn't hold the fields of its message."""
    PACKAGES = "packages"
    """A message of several packages is over a limit, or stayed incomplete."""


class Jt808Error(Exception):
    """Something of JT/T 808 is wrong."""


class FrameError(Jt808Error):
    """Received bytes are not a frame or a message."""

    def __init__(self, reason: Defect) -> None:
        super().__init__(reason.value)
        self.reason = reason


class FieldError(Jt808Error):
    """A body ends too early, or a value doesn't fit its declared field."""
