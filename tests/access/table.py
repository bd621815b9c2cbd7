"""The matrix as a table that people read."""

from collections.abc import Mapping
from pathlib import Path

from fleet.words import Role
from tests.access.walking import Tally
from tests.gateway.http.routes_of import Declared

_POSITIONS = ("inside", "beside", "above", "nobody")


def written(path: Path, routes: Mapping[str, Declared], tallies: Mapping[str, Tally]) -> None:
    """Write one line a route and the sums; the folder is made."""
    lines = [
        f"# {len(tallies)} routes × {len(Role)} roles × 3 positions, and nobody",
        "",
        "| Route | Permission | " + " | ".join(_POSITIONS) + " | shown inside | wrong |",
        "|---|---|" + "--:|" * (len(_POSITIONS) + 2),
    ]
    for name, tally in sorted(tallies.items(), key=lambda one: one[0].split()[::-1]):
        permission = next((c.permission for c in routes[name].checks if c.permission), "–")
        counts = [str(tally.tried.get(p, 0)) for p in _POSITIONS]
        found = f"{tally.shown} | {len(tally.wrong)}"
        lines.append(f"| `{name}` | {permission} | {' | '.join(counts)} | {found} |")
    sums = [sum(t.tried.get(p, 0) for t in tallies.values()) for p in _POSITIONS]
    shown, wrong = (
        sum(t.shown for t in tallies.values()),
        sum(len(t.wrong) for t in tallies.values()),
    )
    lines.append(f"| **{sum(sums)} cases** | | {' | '.join(map(str, sums))} | {shown} | {wrong} |")
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
