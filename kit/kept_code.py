"""Where compiled number kernels are kept on this machine. This imports no compiler: asking is free.

numba looks at the file of a function only to see whether what it kept is stale, not at the files of
those that it calls. The folder's name is a digest of all files with compiled code, of the times
that numba compares, and of the machine: whatever would have to be compiled anew has another folder.
"""

import hashlib
import os
import platform
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

_HOW = Path(__file__).parent / "compiling.py"


def folder_of(sources: Path, name: str) -> Path:
    """Return where a kernel's compiled code is kept; it need not be there.

    sources: the folder that holds all compiled code of the kernel; what is kept lies beside it, or
        in the account's own cache where nothing can be written there
    name: of the kernel
    """
    beside = sources / "__pycache__"
    try:
        beside.mkdir(exist_ok=True)
        is_ours = os.access(beside, os.W_OK)
    except OSError:
        is_ours = False
    kept = beside if is_ours else Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return kept / f"gongche-{name}-{_digest(sources)}"


def _digest(sources: Path) -> str:
    told = hashlib.sha256(_machine().encode() + _HOW.read_bytes())
    for source in sorted(sources.glob("*.py")):
        text = source.read_bytes()
        if b"@compiled" in text or b"NamedTuple" in text:
            told.update(f"{source.stat().st_mtime_ns}".encode() + text)
    return told.hexdigest()[:16]


@cache
def _machine() -> str:
    """Return what compiled code depends on: the processor, Python and the compiler."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    kinds = sorted({line for line in lines if line.startswith(("model name", "flags", "Features"))})
    tag = sys.implementation.cache_tag
    return "\n".join((platform.machine(), *kinds, str(tag), version("numba"), version("llvmlite")))
