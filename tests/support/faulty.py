"""The small world's system, in which every part can be killed, frozen and started."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from loadtests.breakable import BreakableSystem, breakable_system
from tests.support.seeding import seed
from tests.support.servers import server_folder
from tests.support.world import World


@dataclass(kw_only=True)
class BreakableWorld(BreakableSystem):
    """The system, and what stands in its register."""

    world: World


@contextlib.contextmanager
def breakable_world(commit_patience_s: int) -> Iterator[BreakableWorld]:
    """Yield a system with the small world on servers of its own."""
    seeded: list[World] = []
    settings = {
        "GONGCHE_COMMIT_PATIENCE_S": str(commit_patience_s),
        "GONGCHE_LEASE_S": "4",
    }
    with (
        server_folder() as folder,
        breakable_system(folder, lambda url: seeded.append(seed(url)), settings=settings) as one,
    ):
        yield BreakableWorld(one.system, one.postgres, one.valkey, world=seeded[0])
