"""What each scope and view is told of a tick, against looking at every vehicle."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.live.encoding import Cells, Left, LiveEntry, Tick, Units

SOME = st.integers(1, 4)
ENTRIES = st.lists(st.tuples(SOME, SOME), max_size=20)
SCOPES = st.frozensets(SOME)
VIEWS = st.none() | st.frozensets(SOME)
MOVES = st.lists(st.tuples(st.tuples(SOME, SOME), st.none() | st.tuples(SOME, SOME)), max_size=20)


def entry(n: int, stands: tuple[int, int]) -> LiveEntry:
    return LiveEntry(f"v{n}", *stands, json=str(n))


def sees(units: Units, cells: Cells, stands: tuple[int, int] | None) -> bool:
    return stands is not None and stands[0] in units and (cells is None or stands[1] in cells)


@given(ENTRIES, MOVES, st.lists(st.tuples(SCOPES, VIEWS), min_size=1, max_size=6))
def test_everybody_is_told_what_is_theirs_and_nothing_else(
    changed: list[tuple[int, int]],
    moves: list[tuple[tuple[int, int], tuple[int, int] | None]],
    viewers: list[tuple[Units, Cells]],
) -> None:
    tick = Tick(
        [entry(n, stands) for n, stands in enumerate(changed)],
        [
            Left(entry(n, before), None if after is None else entry(n, after))
            for n, (before, after) in enumerate(moves)
        ],
    )
    for units, cells in viewers:
        vehicles, gone = tick.told(units, cells)
        theirs = {str(n) for n, stands in enumerate(changed) if sees(units, cells, stands)}
        assert sorted(vehicles.split(",")) == sorted(theirs or {""})
        missed = {
            f'"v{n}"'
            for n, (before, after) in enumerate(moves)
            if sees(units, cells, before) and not sees(units, cells, after)
        }
        assert set(gone.split(",")) == (missed or {""})


def test_who_sees_the_same_is_told_the_same_text() -> None:
    tick = Tick([entry(n, (1, n % 4)) for n in range(40)])
    assert tick.told(frozenset({1, 2}), None) is tick.told(frozenset({2, 1}), None)
    assert tick.told(frozenset({1}), None) is not tick.told(frozenset({1, 2}), None)
