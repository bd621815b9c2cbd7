"""Pairs of request and vehicle as columns of equal length, ordered by request."""

from dataclasses import dataclass, fields

import numpy as np

from dispatch.matching.problem import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class PairTable:
    """One entry a pair: request and vehicle by their places, step in the order of use, the way."""

    rows: Ints
    columns: Ints
    steps: Ints
    arrival_s: Floats
    empty_m: Floats

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, kept: Bools) -> "PairTable":
        """Return the pairs that are kept, in their order."""
        return PairTable(*(getattr(self, field.name)[kept] for field in fields(self)))

    def with_others(self, others: "PairTable") -> "PairTable":
        """Return both, by request."""
        if not len(self) or not len(others):
            return self if len(self) else others
        order = in_order(np.concatenate((self.rows, others.rows)))
        both = (
            np.concatenate((getattr(self, field.name), getattr(others, field.name)))[order]
            for field in fields(self)
        )
        return PairTable(*both)


def in_order(numbers: Ints) -> Ints:
    """Return the stable order of numbers from 0; short ones are sorted by digits, much faster."""
    short = numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))
    return np.argsort(short, kind="stable")


def no_pairs() -> PairTable:
    """Return a table without pairs."""
    whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
    return PairTable(whole, whole, whole, real, real)
