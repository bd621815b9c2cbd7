"""The decorator of this kernel's functions (see `kit.compiling`)."""

from pathlib import Path

from kit.compiling import compiler_of

compiled = compiler_of(Path(__file__).parent, "sharing")
