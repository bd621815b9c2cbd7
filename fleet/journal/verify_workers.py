"""Who looks at the blocks of a chain: this process, or several at once where there are many."""

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice
from multiprocessing.connection import Connection

from fleet.journal.verify_blocks import head_after
from fleet.journal.verify_store import ChainReader, Snapshot, open_at, read_block
from kit.trouble import Trouble

_ALONE = 8  # blocks below which a second process costs more than it saves
_MOST_PROCESSES = 8

Span = tuple[int, int]
"""The first and the last seal of a block."""


class VerifierGone(Trouble):
    """A process that verified a part of the journal ended before it was done."""


def spans_of(last: int, size: int) -> list[Span]:
    """Return seals 1 to `last` as blocks of `size`."""
    return [(n, min(n + size - 1, last)) for n in range(1, last + 1, size)]


@contextmanager
def looked_at(
    reader: ChainReader, spans: Sequence[Span], processes: int | None = None
) -> Iterator[Iterator[bytes | None]]:
    """Yield what `head_after` says of each block, in order.

    processes: how many look at once; by default as the machine and the number of blocks suggest
    """
    if processes is None:
        processes = 1 if len(spans) < _ALONE else min(_cores(), _MOST_PROCESSES)
    if processes == 1:
        yield (head_after(reader.block(*span)) for span in spans)
        return
    with ExitStack() as stack:
        results = [
            stack.enter_context(_worker(reader.snapshot, spans[i::processes]))
            for i in range(processes)
        ]
        yield map(_next, islice(cycle(results), len(spans)))


@contextmanager
def _worker(snapshot: Snapshot, spans: Sequence[Span]) -> Iterator[Connection]:
    """Yield where a process of its own tells what it says of each block."""
    # A fork starts at once, but only a process of a single thread may be forked.
    alone = threading.active_count() == 1
    context = multiprocessing.get_context("fork") if alone else multiprocessing.get_context("spawn")
    results, told = context.Pipe(duplex=False)
    process = context.Process(target=_look, args=(snapshot, spans, told), daemon=True)
    with results:
        process.start()
        told.close()  # so that the end of the process shows
        try:
            yield results
        finally:
            process.terminate()
            process.join()


def _look(snapshot: Snapshot, spans: Sequence[Span], told: Connection) -> None:
    with open_at(snapshot) as connection:
        for span in spans:
            told.send(head_after(read_block(connection, *span)))


def _next(results: Connection) -> bytes | None:
    try:
        head: bytes | None = results.recv()
    except EOFError as error:
        raise VerifierGone from error
    return head


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
