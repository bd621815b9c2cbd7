"""Published limits: read from limits.toml, and given to the figures of a run that they hold."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from loadtests.measuring import Figure

LIMITS = Path(__file__).with_name("limits.toml")

Limits = Mapping[str, float]
"""By section and name: `requests.p95_ms`. None of them may be exceeded."""


class UnusedLimit(ValueError):
    """A limit belongs to no figure of the run: it would hold nothing."""


def read_limits(path: Path = LIMITS) -> Limits:
    """Return the limits of a file. Raises ValueError for one that is no number, or below zero."""
    limits: dict[str, float] = {}
    for section, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for name, value in table.items():
            if not isinstance(value, (int, float)) or isinstance(value, bool) or value < 0:
                raise ValueError(f"{section}.{name} = {value!r}: limits are numbers from zero on")
            limits[f"{section}.{name}"] = float(value)
    return limits


def limited(figures: Mapping[str, Figure], limits: Limits) -> list[Figure]:
    """Return the figures, each with the limit of its name, if there is one.

    Raises UnusedLimit when a limit names no figure.
    """
    if unused := limits.keys() - figures.keys():
        raise UnusedLimit(", ".join(sorted(unused)))
    return [
        replace(figure, at_most=limits[name]) if name in limits else figure
        for name, figure in figures.items()
    ]
