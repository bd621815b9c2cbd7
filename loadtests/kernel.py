"""What the kernel of this machine holds for sockets, from proc(5)."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

_PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024


@dataclass(frozen=True, slots=True)
class KernelMemory:
    """In KiB: caches that can't be given back, and buffers of TCP."""

    slab_kb: int
    buffers_kb: int

    def __sub__(self, other: "KernelMemory") -> "KernelMemory":
        return KernelMemory(self.slab_kb - other.slab_kb, self.buffers_kb - other.buffers_kb)


def kernel_memory() -> KernelMemory:
    """Return what is held now, for all processes of the machine together."""
    slab = re.search(r"^SUnreclaim:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    pages = re.search(r"^TCP:.* mem (\d+)", Path("/proc/net/sockstat").read_text(), re.MULTILINE)
    return KernelMemory(int(slab[1]) if slab else 0, int(pages[1]) * _PAGE_KB if pages else 0)
