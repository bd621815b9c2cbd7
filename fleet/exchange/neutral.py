"""Text that a spreadsheet program would take for a formula, made harmless in CSV and back.

Source: OWASP, CSV Injection. In XLSX the cell's type says that it is text; CSV has no types, so
an apostrophe stands before it, and one more before text that already begins so: what is read
again is what was written.
"""

import re

_STARTS = "=+\\-@\t\r\n＝＋－＠"
_DANGEROUS = re.compile(f"'*[{_STARTS}]")
_NEUTRAL = re.compile(f"'+[{_STARTS}]")


def neutral(text: str) -> str:
    """Return `text` such that no spreadsheet program computes it."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def plain(text: str) -> str:
    """Return the text that `neutral` was given."""
    return text[1:] if _NEUTRAL.match(text) else text
