"""Which of a terminal's links is the newest."""

from fleet.terminals.identity import link_epochs, take_over
from kit.database import Sessions, transaction
from tests.support.world import World


async def test_links_that_are_made_together_get_epochs_in_their_order(
    sessions: Sessions, world: World
) -> None:
    a, b = world.terminals["a1"].no, world.terminals["a2"].no
    async with transaction(sessions) as session:
        before = await link_epochs(session, [a, b])
        given = await take_over(session, [b, a, b])
    assert given == [before[b] + 1, before[a] + 1, before[b] + 2]
    async with transaction(sessions) as session:
        assert await link_epochs(session, [a, b]) == {a: before[a] + 1, b: before[b] + 2}
