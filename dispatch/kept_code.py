"""Whether the compiled sharing kernel is on this machine whole.

Compiling takes the better part of a minute of a processor, and no request waits for it.
"""

from functools import cache
from pathlib import Path

from kit.kept_code import folder_of

_SOURCES = Path(__file__).parent / "sharing"
_WHOLE = "whole"


@cache
def folder() -> Path:
    """Return where compiled code of the sharing kernel is kept."""
    return folder_of(_SOURCES, "sharing")


def is_whole() -> bool:
    """Whether everything is compiled; where it isn't, the first call compiles."""
    return (folder() / _WHOLE).exists()


def say_whole() -> None:
    """Say that everything is compiled."""
    (folder() / _WHOLE).touch()
