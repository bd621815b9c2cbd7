"""Breaks the position path, and counts: python -m loadtests.faults [--minutes N] [--only NAME]

A whole system of its own runs under a small steady load of terminals that keep what nobody has
acknowledged. Each fault is struck again and again; afterwards every acknowledged position must be
found, once. Ends with a table, and with status 1 when a promise was broken.
"""

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path
from random import Random, SystemRandom

from loadtests.faults.catalogue import TRIALS, Trial
from loadtests.faults.hall import Hall
from loadtests.faults.row import Row, table


def main() -> None:
    """Try the faults that are named, or all of them."""
    told = _arguments()
    seed = told.seed or SystemRandom().randrange(1, 10**6)
    sys.stderr.write(f"repeat these faults with --seed {seed}\n")
    trials = [trial for trial in TRIALS if not told.only or trial.name in told.only]
    seconds = 60 * told.minutes / len(trials)
    hall = Hall(Random(seed))
    try:
        rows = [_try(trial, hall, seconds) for trial in trials]
    finally:
        hall.close()
    sys.stdout.write(table(rows) + "\n")
    if told.json is not None:
        document = {
            "seed": seed,
            "minutes": told.minutes,
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "rows": [row.as_json() for row in rows],
        }
        told.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    sys.exit(int(not all(row.holds for row in rows)))


def _try(trial: Trial, hall: Hall, seconds: float) -> Row:
    sys.stderr.write(f"{trial.name}: {trial.sentence} …\n")
    began = time.monotonic()
    try:
        row = trial.run(hall, seconds)
    except Exception as error:
        # One fault that ends in an unforeseen way must not keep the others from being tried.
        hall.close()
        row = Row(trial.name, trouble=f"{type(error).__name__}: {str(error)[-1500:]}")
    sys.stderr.write(f"  {' | '.join(row.cells())} ({time.monotonic() - began:.0f} s)\n")
    return row


def _arguments() -> argparse.Namespace:
    names = [trial.name for trial in TRIALS]
    parser = argparse.ArgumentParser(prog="python -m loadtests.faults", description=__doc__)
    parser.add_argument(
        "--minutes", type=float, default=10.0, help="time for all together, about (default: 10)"
    )
    parser.add_argument(
        "--only", action="append", metavar="NAME", choices=names, help=", ".join(names)
    )
    parser.add_argument("--json", type=Path, help="also write the table to this file")
    parser.add_argument("--seed", type=int, help="strike at the same moments as an earlier run")
    return parser.parse_args()


if __name__ == "__main__":
    main()
