"""Binary heaps over two arrays: a key, and a number that decides between equal keys.

Written twice, once with the least on top and once with the greatest, because a compiled function
that is told by an argument which of them it is takes half as long again.
"""

from dispatch.matching.kernel.compiled import compiled
from dispatch.matching.problem import Floats, Ints


@compiled
def push_least(keys: Ints, numbers: Ints, size: int, key: int, number: int) -> int:
    """Put in one entry; return how many there are."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if keys[above] < key or (keys[above] == key and numbers[above] <= number):
            break
        keys[at], numbers[at] = keys[above], numbers[above]
        at = above
    keys[at], numbers[at] = key, number
    return size + 1


@compiled
def drop_least(keys: Ints, numbers: Ints, size: int) -> int:
    """Take out the entry at the top, which the caller has read; return how many are left."""
    size -= 1
    key, number, at = keys[size], numbers[size], 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        other = below + 1
        if other < size and (
            keys[other] < keys[below]
            or (keys[other] == keys[below] and numbers[other] < numbers[below])
        ):
            below = other
        if key < keys[below] or (key == keys[below] and number <= numbers[below]):
            break
        keys[at], numbers[at] = keys[below], numbers[below]
        at = below
    keys[at], numbers[at] = key, number
    return size


@compiled
def push_greatest(keys: Floats, numbers: Ints, size: int, key: float, number: int) -> int:
    """Put in one entry; return how many there are."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if keys[above] > key or (keys[above] == key and numbers[above] >= number):
            break
        keys[at], numbers[at] = keys[above], numbers[above]
        at = above
    keys[at], numbers[at] = key, number
    return size + 1


@compiled
def sink_greatest(keys: Floats, numbers: Ints, size: int, key: float, number: int) -> None:
    """Put an entry in the place of that at the top."""
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        other = below + 1
        if other < size and (
            keys[other] > keys[below]
            or (keys[other] == keys[below] and numbers[other] > numbers[below])
        ):
            below = other
        if key > keys[below] or (key == keys[below] and number >= numbers[below]):
            break
        keys[at], numbers[at] = keys[below], numbers[below]
        at = below
    keys[at], numbers[at] = key, number
