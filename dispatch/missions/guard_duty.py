"""Guard duty (警卫任务) is a state secret and stays out of a system that is not classified.

Source: 保守国家秘密法 (2024), art. 31: no state secret in a system that isn't for secrets. A form
that speaks of guard duty is refused whole, and what it says is repeated nowhere: neither in the
answer nor in journal or log. Words can't tell every such duty: the form says so too.
"""

from collections.abc import Iterable

from dispatch.missions.errors import GuardDuty

HINTS = ("警卫", "要人保卫", "首长安全", "一级加强勤务", "特勤保卫")


def hints_at_guard_duty(text: str) -> bool:
    """Return whether a text speaks of guard duty, whatever blanks stand between its characters."""
    dense = "".join(text.split())
    return any(hint in dense for hint in HINTS)


def refuse_guard_duty(texts: Iterable[str | None]) -> None:
    """Raise GuardDuty where any of these texts speaks of guard duty."""
    if any(hints_at_guard_duty(text) for text in texts if text):
        raise GuardDuty
