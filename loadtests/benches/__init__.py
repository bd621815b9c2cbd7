"""One bench a file, each with `run(place) -> list[Figure]`; see `loadtests/bench.py`."""
