"""Processes that are killed or paused, at random moments and at the worst one."""

import os
import signal
from functools import partial

from loadtests.faults.fault import Fault
from loadtests.faults.scene import Scene
from loadtests.faults.unpublished import publishing_held
from loadtests.waiting import eventually

LEASE_S = 6
_MINUTE_S = 60.0
_BATCHES = "SELECT count(*) FROM position_batch WHERE positions > 0"
_OWNERS = """
    SELECT count(DISTINCT owner) FROM partition_lease WHERE expires_at > clock_timestamp()
"""


def _kill_one(scene: Scene, command: str) -> None:
    scene.broken.kill(scene.chance.choice(scene.named(command)))


def _kill_several(scene: Scene) -> None:
    for name in scene.chance.sample(scene.broken.parts, scene.chance.randint(2, 4)):
        scene.broken.kill(name)


def _kill_between_commit_and_publish(scene: Scene) -> None:
    """Let what is published wait at the bus, and kill all gateways once they have committed."""
    with publishing_held(scene.broken.valkey.url()) as await_writers_gone:
        before = scene.value(_BATCHES)
        eventually(lambda: scene.value(_BATCHES) > before + 2, what="a commit")
        for name in scene.named("gateway"):
            scene.broken.kill(name)
        await_writers_gone()


def _pause_worker(scene: Scene) -> None:
    """Stop a worker past its lease, until the other owns everything, and let it wake."""
    eventually(lambda: scene.value(_OWNERS) == 2, _MINUTE_S, "the workers' share of the leases")
    (pid,) = scene.pids([scene.chance.choice(scene.named("worker"))])
    os.kill(pid, signal.SIGSTOP)
    try:
        eventually(lambda: scene.value(_OWNERS) == 1, _MINUTE_S, "the other's taking over")
        scene.let_pass(1.0, LEASE_S)
    finally:
        os.kill(pid, signal.SIGCONT)
    eventually(lambda: scene.value(_OWNERS) == 2, _MINUTE_S, "the paused worker's return")


KILLS = (
    Fault("kill gateway", "kill -9 of one of two gateways", partial(_kill_one, command="gateway")),
    Fault("kill worker", "kill -9 of one of two workers", partial(_kill_one, command="worker")),
    Fault("kill API", "kill -9 of the API", partial(_kill_one, command="api")),
    Fault(
        "kill PostgreSQL",
        "kill -9 of the postmaster and all its processes",
        lambda scene: scene.broken.kill("postgresql"),
    ),
    Fault(
        "kill backend",
        "kill -9 of one backend of PostgreSQL",
        lambda scene: scene.broken.kill_backend(scene.chance),
    ),
    Fault(
        "kill Valkey",
        "kill -9 of the bus",
        lambda scene: scene.broken.kill("valkey"),
    ),
    Fault("kill several", "kill -9 of two to four of all these at once", _kill_several),
    Fault(
        "kill before publish",
        "kill -9 of all gateways exactly between commit and publish",
        _kill_between_commit_and_publish,
    ),
    Fault("pause worker", "a worker stopped past its lease, and resumed", _pause_worker),
)
