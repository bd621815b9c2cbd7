"""By which code a suggestion was made: the digest of the source of rules and ranking."""

import hashlib
from functools import cache
from pathlib import Path

import dispatch.eligibility
import dispatch.matching

_FOLDERS = (Path(dispatch.eligibility.__path__[0]), Path(dispatch.matching.__path__[0]))


@cache
def source_digest() -> str:
    """Return the SHA-256 of all that judges and ranks, in hexadecimal.

    It tells what `rules.VERSION` can't: that somebody has changed a rule and not raised it.
    """
    digest = hashlib.sha256()
    for folder in _FOLDERS:
        for path in sorted(folder.rglob("*.py")):
            digest.update(f"{path.relative_to(folder)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
