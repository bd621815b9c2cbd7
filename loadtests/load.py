"""A whole system under load, held against loadtests/limits.toml: `make load`.

Terminals of both kinds report at a steady pace, some lose their links in tunnels; beside them
people work through the API and watch the live map. Then the database is asked for every position
that was acknowledged. Ends with status 1 when a limit doesn't hold.

Without --host a system of its own is started, with the people of the demo. Otherwise it is one
that runs on this machine and has these people (`make demo`); --database-url lets its database be
asked, without it lost positions can't be found.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kit.database import plain_url
from loadtests.ages import plate_of
from loadtests.bench import document, table
from loadtests.demonstrating import System, demo_system
from loadtests.enrolling import enrol
from loadtests.limits import limited, read_limits
from loadtests.measuring import Figure
from loadtests.people import Crew, Experience, work
from loadtests.processes import tree_cpu_s
from loadtests.swarm.pace import Pace
from loadtests.swarm.pacing import Account, entered
from loadtests.swarm.stored import Stored, look_up

_REGISTRAR, _PASSWORD = "manager", "gongche-demo"
# People come when positions do, and leave before the last ones: what they see is never at rest.
_BEFORE_S, _AFTER_S = 3.0, 5.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run has seen; `stored` is None where nobody could look into the database.

    cores: how much of a core each process of the system took, by name, where that is known
    """

    entered_s: float
    terminals: Account
    people: Experience
    stored: Stored | None
    cores: Mapping[str, float]


def main() -> None:
    """Run once; print the table."""
    told = _arguments()
    pace = Pace(told.terminals, told.per_second, told.seconds, tunnel_every=7, tunnel_s=5.0)
    with _system(told) as system:
        seen = _load(system, pace, Crew(told.users, told.watchers))
    limits = read_limits()
    if seen.stored is None:
        _say("Nobody looked into the database: give --database-url to have losses counted.")
        limits = {name: limits[name] for name in limits.keys() - {*_OF_THE_DATABASE}}
    figures = [("load", figure) for figure in limited(_figures(seen, pace), limits)]
    sys.stdout.write(table(figures) + "\n")
    if told.json is not None:
        told.json.write_text(json.dumps(document(figures), indent=1) + "\n", encoding="utf-8")
    sys.exit(int(any(figure.holds is False for _, figure in figures)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m loadtests.load", description=__doc__)
    parser.add_argument("--host", help="a running system, such as http://127.0.0.1:8000")
    parser.add_argument("--jt808-port", type=int, default=7808, help="its port for terminals")
    parser.add_argument("--database-url", help="its database")
    parser.add_argument("--terminals", type=int, default=500)
    parser.add_argument("--per-second", type=float, default=500.0, help="positions of all")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--users", type=int, default=20, help="people who use the API")
    parser.add_argument("--watchers", type=int, default=10, help="people who watch the map")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args()


@contextmanager
def _system(told: argparse.Namespace) -> Iterator[System]:
    if told.host:
        yield System(told.host, told.jt808_port, told.database_url)
        return
    _say("Starting a system of its own")
    with demo_system() as system:
        yield system


def _load(system: System, pace: Pace, crew: Crew) -> Seen:
    _say(f"Registering {pace.links} vehicles")
    plates = [plate_of(n, tunnelled=pace.goes_through_a_tunnel(n)) for n in range(pace.links)]
    asyncio.run(enrol(system.base_url, _REGISTRAR, _PASSWORD, plates))
    with (
        entered(system.jt808_port, pace) as swarm,
        tempfile.TemporaryDirectory(prefix="gongche-load-") as folder,
    ):
        _say(f"{pace.per_s:g} positions a second for {pace.lasts_s:.0f} s, people beside them")
        start = swarm.start()
        before = {name: tree_cpu_s(pid) for name, pid in system.pids.items()}
        time.sleep(max(0.0, start + _BEFORE_S - time.time()))
        people = work(system.base_url, crew, pace.lasts_s - _BEFORE_S - _AFTER_S, Path(folder))
        account = swarm.finish()
        spent = {name: tree_cpu_s(pid) - before[name] for name, pid in system.pids.items()}
    _say(
        f"The swarm took {account.cpu_s:.1f} s of CPU in {account.wall_s:.0f} s; 99 of 100 of its "
        f"positions left within {account.lag_p99_ms:.1f} ms of their time"
    )
    stored = None
    if system.database_url is not None:
        stored = look_up(plain_url(system.database_url), account.acknowledged)
    cores = {name: cpu_s / account.wall_s for name, cpu_s in spent.items()}
    return Seen(swarm.entered_s, account, people, stored, cores)


_OF_THE_DATABASE = ("terminals.lost", "terminals.doubled")


def _figures(seen: Seen, pace: Pace) -> dict[str, Figure]:
    counts, people, account = seen.terminals.counts, seen.people, seen.terminals
    p50_ms, p95_ms, p99_ms, most_ms = account.latencies
    figures = {
        "terminals": Figure("terminals", pace.links, "links"),
        "terminals.entered": Figure("connected and known within", seen.entered_s, "s"),
        "terminals.offered": Figure("positions that came due", counts.offered, ""),
        "terminals.sent": Figure("positions sent, repeats among them", counts.sent, ""),
        "terminals.acknowledged": Figure("positions acknowledged", counts.acknowledged, ""),
        "terminals.dropped": Figure("dropped by terminals that store alarms", counts.dropped, ""),
        "terminals.tunnels": Figure("links lost in tunnels", counts.tunnels, ""),
        "terminals.batches": Figure("blind batches sent after them", counts.batches, ""),
        "terminals.links_lost": Figure("links lost otherwise", counts.links_lost, ""),
        "terminals.unanswered": Figure("positions unanswered in the end", counts.waiting, ""),
        "terminals.wrong_answers": Figure("wrong answers", counts.wrong_answers, ""),
        "terminals.p50": Figure("acknowledgement, p50", p50_ms, "ms"),
        "terminals.p95": Figure("acknowledgement, p95", p95_ms, "ms"),
        "terminals.acknowledgement_p99_ms": Figure("acknowledgement, p99", p99_ms, "ms"),
        "terminals.most": Figure("acknowledgement, longest", most_ms, "ms"),
        "requests": Figure("requests of people", people.requests, "", at_least=1),
        "requests.failures": Figure("requests that failed", people.failures, ""),
        "requests.p50": Figure("request, p50", people.p50_ms, "ms"),
        "requests.p95_ms": Figure("request, p95", people.p95_ms, "ms"),
        "feed": Figure("updates that watchers got", people.updates, "", at_least=1),
        "feed.p50": Figure("oldest position of an update, p50", people.freshness_p50_ms, "ms"),
        "feed.freshness_p99_ms": Figure(
            "oldest position of an update, p99", people.freshness_p99_ms, "ms"
        ),
    }
    for name, cores in seen.cores.items():
        figures[f"cpu.{name}"] = Figure(f"CPU of the {name}", 100 * cores, "% of a core")
    if seen.stored is not None:
        lost, doubled = seen.stored.lost, seen.stored.doubled
        figures["terminals.lost"] = Figure("acknowledged and lost", lost, "")
        figures["terminals.doubled"] = Figure("acknowledged and counted twice", doubled, "")
    return figures


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    main()
