"""Commits whose outcome nobody tells: a relay cuts the connection at COMMIT."""

from random import Random

from loadtests.faults.fault import Fault, suffer
from loadtests.faults.hall import Hall
from loadtests.faults.relay import Cut, Relay, relayed
from loadtests.faults.row import Row
from loadtests.faults.scene import Scene
from loadtests.waiting import eventually

NAME = "ambiguous commit"
SENTENCE = "the connection cut before, at and after COMMIT, its answer withheld"


def run(hall: Hall, seconds: float) -> Row:
    """Let the gateways speak to PostgreSQL through a relay, and cut them off."""
    with hall.scene() as scene, relayed(scene.url) as relay:
        _start_gateways(scene, {"GONGCHE_DATABASE_URL": _driver_url(relay)})
        try:
            fault = Fault(NAME, SENTENCE, lambda scene: _cut(scene.chance, relay))
            return suffer(fault, scene, seconds)
        finally:
            _start_gateways(scene, {})


def _cut(chance: Random, relay: Relay) -> None:
    cuts = relay.cuts
    relay.cut_next(chance.choice(list(Cut)))
    eventually(lambda: relay.cuts > cuts, what="a commit of positions")


def _start_gateways(scene: Scene, settings: dict[str, str]) -> None:
    for name in scene.named("gateway"):
        scene.broken.system.stop(name)
        scene.broken.system.start(name, settings)


def _driver_url(relay: Relay) -> str:
    return relay.url.replace("postgresql:", "postgresql+psycopg:", 1)
