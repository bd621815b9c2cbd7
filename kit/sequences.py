"""Sequences over columns: an item is made an object when it is asked for, and no other."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import TypeVar, overload

T_co = TypeVar("T_co", covariant=True)


class MadeWhenAsked(Sequence[T_co]):
    """Items of which only the columns are kept; equal to any sequence of the same items.

    They have no hash, as whatever is equal to a list has none.
    """

    __slots__ = ()

    @abstractmethod
    def _one(self, i: int) -> T_co:
        """Return the item at a place from 0 to below the length."""

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T_co]: ...
    def __getitem__(self, index: int | slice) -> T_co | Sequence[T_co]:
        if isinstance(index, slice):
            return [self._one(i) for i in range(*index.indices(len(self)))]
        return self._one(range(len(self))[index])

    def __iter__(self) -> Iterator[T_co]:
        return map(self._one, range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)
