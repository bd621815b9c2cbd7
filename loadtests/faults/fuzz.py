"""A million fuzzed frames: no exception but the codec's own errors, and no growth of memory."""

import gc
import os
import sys
import time
from pathlib import Path

from loadtests.faults.fuzzing import fuzzed_frames, made_up_samples, real_samples
from loadtests.faults.hall import Hall
from loadtests.faults.readers import Readers
from loadtests.faults.row import Row

NAME = "fuzz"
SENTENCE = "1,000,000 fuzzed frames through the session, the batch decoder and the door's stages"
_FRAMES = 1_000_000
_EARLY = 100_000
_MADE_UP = 10_000
_AT_ONCE = 500
_MAY_GROW_KB = 8_192


def run(hall: Hall, _seconds: float) -> Row:
    """Feed them all, and compare the memory after a tenth with that at the end."""
    seed = hall.chance.randrange(1 << 32)
    samples = real_samples(), made_up_samples(_MADE_UP, seed)
    readers, waiting, early_kb = Readers(), list[bytes](), 0
    began = time.monotonic()
    for n, one in enumerate(fuzzed_frames(*samples, _FRAMES, hall.chance), 1):
        waiting.append(one)
        if n % _AT_ONCE == 0:
            readers.feed(waiting)
            waiting.clear()
        if n == _EARLY:
            early_kb = _memory_kb()
            sys.stderr.write(f"  {n:,} frames: {early_kb:,} kB\n")
    end_kb = _memory_kb()
    sys.stderr.write(f"  {_FRAMES:,} frames: {end_kb:,} kB\n")
    grown = end_kb - early_kb
    return Row(
        NAME,
        often=_FRAMES,
        note=(
            f"{readers.events:,} events, {readers.refused:,} refusals, {readers.read:,} positions"
            f" read in arrays; {early_kb:,} kB after {_EARLY:,}, {end_kb:,} kB at the end,"
            f" {time.monotonic() - began:.0f} s"
        ),
        trouble=f"memory grew by {grown:,} kB" if grown > _MAY_GROW_KB else "",
    )


def _memory_kb() -> int:
    """Return the resident memory of this process."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024
