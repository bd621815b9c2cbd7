"""Which of a terminal's links is the newest."""

from fleet.terminals.identity import overtaken, take_over
from kit.database import Sessions, transaction
from tests.support.world import World


async def test_links_that_are_made_together_get_epochs_in_their_order(
    sessions: Sessions, world: World
) -> None:
    a, b = world.terminals["a1"].no, world.terminals["a2"].no
    async with transaction(sessions) as session:
        first_b, first_a, second_b = await take_over(session, [b, a, b])
        assert second_b == first_b + 1
        (second_a,) = await take_over(session, [a])
        assert second_a == first_a + 1


async def test_a_link_is_overtaken_by_a_newer_one_and_by_none_of_another_terminal(
    sessions: Sessions, world: World
) -> None:
    a, b = world.terminals["a1"].no, world.terminals["a2"].no
    async with transaction(sessions) as session:
        old_a, old_b = await take_over(session, [a, b])
    async with transaction(sessions) as session:
        assert await overtaken(session, {a: old_a, b: old_b}) == []
        assert await overtaken(session, {}) == []
        (new_a,) = await take_over(session, [a])
    async with transaction(sessions) as session:
        assert await overtaken(session, {a: old_a, b: old_b}) == [a]
        assert await overtaken(session, {a: new_a, b: old_b}) == []
