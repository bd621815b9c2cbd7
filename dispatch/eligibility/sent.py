"""Thousands of numbers as one value of a row: PostgreSQL sends a column as bytes, at once.

A row a vehicle costs its reader a hundred times what the bytes do. Columns of one statement stand
in the same order; which order that is nobody says, so that whoever reads them sorts.
"""

import numpy as np

from dispatch.eligibility.columns import UNSEEN, Ints

_OF_2000_US = 946_684_800_000_000
"""Microseconds from 1970 to 2000, from which PostgreSQL counts."""


def whole(sent: bytes | None) -> Ints:
    """Return what `string_agg(int8send(…), '')` sent; None is what it sends of no row."""
    return np.frombuffer(sent or b"", dtype=">i8").astype(np.int64)


def instants(sent: bytes | None) -> Ints:
    """Return what `string_agg(timestamptz_send(…), '')` sent, in microseconds since 1970.

    UNSEEN for -infinity, which stands for an instant that is not known.
    """
    told = whole(sent)
    return np.where(told == UNSEEN, UNSEEN, told + _OF_2000_US)


def spread(nos: Ints, found: Ints, values: Ints, otherwise: int = 0) -> Ints:
    """Return the value of each number; the greatest where it was found several times.

    nos: ascending, shape (n,), that of the answer; found, values: shape (m,), in any order, of
    which those that aren't in `nos` count for nothing
    """
    spread_out = np.full(len(nos), otherwise, dtype=np.int64)
    known = np.isin(found, nos)
    np.maximum.at(spread_out, np.searchsorted(nos, found[known]), values[known])
    return spread_out
