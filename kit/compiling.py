"""How number kernels are compiled: by numba, once a machine, kept where `kit.kept_code` says."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

from kit.kept_code import folder_of

Function = TypeVar("Function", bound=Callable[..., object])

# A kernel allocates nothing, all room comes in as arguments: without numba's counting of who
# holds which array it is as fast as C, with it a third of that (docs/decisions/0025).
_COMPILE = partial(numba.njit, error_model="numpy", _nrt=False)


def compiler_of(sources: Path, name: str) -> Callable[[Function], Function]:
    """Return a decorator for functions that are compiled at their first call and kept.

    sources: the folder that holds all compiled code of a kernel
    name: of the kernel; what is kept is kept under it, beside the sources or in the account's
        own cache; where neither can be written, each process compiles for itself
    """
    kept = folder_of(sources, name)
    try:
        kept.mkdir(parents=True, exist_ok=True)
        is_kept = True
    except OSError:
        is_kept = False

    def compiled(function: Function) -> Function:
        # numba looks for the folder as it takes a function, and each kernel has its own.
        config = cast(Any, numba.config)
        others, config.CACHE_DIR = config.CACHE_DIR, str(kept)
        try:
            return cast(Function, _COMPILE(cache=is_kept)(function))
        finally:
            config.CACHE_DIR = others

    return compiled
