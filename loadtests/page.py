"""Figures as they stand in docs/performance.md: each bench's table between two marks, with the
command, the machine and the commit that it was measured on."""

import math
import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from loadtests.measuring import Figure

_HEAD = "| | measured | goal | |\n|---|---|---|---|\n"


class MarkMissingError(ValueError):
    """The page has no place for this bench."""


def entered(page: str, bench: str, figures: Sequence[Figure], measured_on: str) -> str:
    """Return the page with the figures of a bench in their place.

    Raises MarkMissingError without the marks `<!-- bench NAME -->` and `<!-- /bench NAME -->`.
    """
    before, opened, rest = page.partition(f"<!-- bench {bench} -->\n")
    _, closed, after = rest.partition(f"<!-- /bench {bench} -->")
    if not opened or not closed:
        raise MarkMissingError(bench)
    told = f"`make bench BENCH={bench}` · {measured_on}\n\n{_HEAD}{_rows(figures)}"
    return f"{before}{opened}{told}{closed}{after}"


def machine() -> str:
    """Return what the figures depend on: the day, the commit, and the machine."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parent,
    ).stdout.strip()  # fmt: skip
    return (
        f"{datetime.now(UTC):%Y-%m-%d} · commit {commit or 'unknown'} · {os.cpu_count()} cores,"
        f" {_processor()} · Python {platform.python_version()}"
    )


def number(value: float, unit: str) -> str:
    """Return a value as people read it; a dash where there is none."""
    if math.isnan(value):
        return "—"
    return f"{value:,.{0 if abs(value) >= 1000 else 2}f} {unit}"


def _rows(figures: Sequence[Figure]) -> str:
    return "".join(
        f"| {one.name.strip()} | {number(one.value, one.unit)} | {_goal(one)} | {_held(one)} |\n"
        for one in figures
    )


def _goal(figure: Figure) -> str:
    if figure.at_most is not None:
        return f"≤ {number(figure.at_most, figure.unit)}"
    return "" if figure.at_least is None else f"≥ {number(figure.at_least, figure.unit)}"


def _held(figure: Figure) -> str:
    return "" if figure.holds is None else "holds" if figure.holds else "**missed**"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
