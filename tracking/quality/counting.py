"""The worker's part: marks the days that rows have touched, and counts those that are over."""

from datetime import datetime

from kit.clock import shanghai_day
from kit.database import Sessions, transaction
from tracking.quality import store
from tracking.quality.figures import QualityRules, figures_of_day

_AT_ONCE = 50


async def count_step(sessions: Sessions, now: datetime, rules: QualityRules | None = None) -> bool:
    """Mark what is due and count some of it; return whether more may wait.

    A day counts when it is over. Late rows mark it anew, and it is counted again.
    """
    async with transaction(sessions) as session:
        if await store.is_counter(session):
            await store.mark_due(session)
    async with transaction(sessions) as session:
        due = await store.take_due(session, shanghai_day(now), _AT_ONCE)
        for terminal_no, day in due:
            sent = await store.read_day(session, terminal_no, day)
            figures = figures_of_day(sent, rules or QualityRules())
            await store.save_day(session, terminal_no, day, figures, now)
    return len(due) == _AT_ONCE
