"""Runs benches and prints one table: python -m loadtests.bench [NAME …] [--json FILE] [--page FILE]

A bench is a module of `loadtests/benches` with `run(place) -> list[Figure]`. What is compared is
measured in one run, side by side, and told as a ratio: other machines have other absolutes.
Ends with status 1 when a limit doesn't hold.
"""

import argparse
import importlib
import json
import math
import os
import pkgutil
import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from loadtests import benches
from loadtests.instances import NoInstance
from loadtests.measuring import Figure, Place, measuring_place
from loadtests.page import entered, machine, number

Run = Callable[[Place], list[Figure]]


def known() -> list[str]:
    """Return the names of all benches."""
    return sorted(module.name for module in pkgutil.iter_modules(benches.__path__))


def find(name: str) -> Run:
    """Return the bench of this name."""
    return cast(Run, importlib.import_module(f"{benches.__name__}.{name}").run)


def table(figures: Sequence[tuple[str, Figure]]) -> str:
    """Return the figures as lines: bench, figure, value, limit, whether it holds."""
    rows = [(bench, one.name, number(one.value, one.unit), _limit(one)) for bench, one in figures]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(3)]
    return "\n".join(
        f"{row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]}".rstrip()
        for row in rows
    )


def _limit(figure: Figure) -> str:
    if figure.holds is None:
        return ""
    is_most = figure.at_most is not None
    word, limit = ("at most", figure.at_most) if is_most else ("at least", figure.at_least)
    assert limit is not None
    return f"{'ok  ' if figure.holds else 'FAIL'} {word} {number(limit, figure.unit)}"


def main() -> None:
    """Run the benches that are named, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m loadtests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known()))
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument(
        "--page", type=Path, help="also enter them in this page (docs/performance.md)"
    )
    told = parser.parse_args()
    if unknown := set(told.names) - set(known()):
        parser.error(f"there is no bench {', '.join(sorted(unknown))}")
    figures: list[tuple[str, Figure]] = []
    for name in told.names or known():
        sys.stderr.write(f"measuring {name} …\n")
        try:
            with measuring_place() as place:
                of_this = find(name)(place)
        except NoInstance as error:
            sys.exit(f"{name}: {error}")
        figures += [(name, figure) for figure in of_this]
        if told.page is not None:
            page = entered(told.page.read_text(encoding="utf-8"), name, of_this, machine())
            told.page.write_text(page, encoding="utf-8")
    sys.stdout.write(table(figures) + "\n")
    if told.json is not None:
        told.json.write_text(json.dumps(document(figures), indent=1) + "\n", encoding="utf-8")
    sys.exit(int(any(figure.holds is False for _, figure in figures)))


def document(figures: Sequence[tuple[str, Figure]]) -> dict[str, object]:
    """Return the figures, and what they were measured on, for a JSON file."""
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "figures": [
            {
                "bench": bench,
                "name": one.name,
                "value": None if math.isnan(one.value) else one.value,
                "unit": one.unit,
                "at_most": one.at_most,
                "at_least": one.at_least,
                "holds": one.holds,
            }
            for bench, one in figures
        ],
    }


if __name__ == "__main__":
    main()
