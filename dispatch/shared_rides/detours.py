"""How far out of their way a passenger is taken at most."""

from dataclasses import dataclass

from dispatch.shared_rides.errors import DetourBeyondRule
from fleet.rules.sharing import SharingDetour


@dataclass(frozen=True, slots=True)
class DetourLimit:
    """The greatest detour (绕行): per cent of the direct time, and seconds; the smaller binds."""

    percent: int
    seconds: int

    def of(self, direct_s: float) -> float:
        """Return the greatest detour of a way that takes so many seconds directly."""
        return min(direct_s * self.percent / 100, float(self.seconds))


def limit_of(percent: int | None, seconds: int | None, rule: SharingDetour) -> DetourLimit:
    """Return a passenger's limit: what they said, else the unit's default, never above its cap.

    Whoever says one of the two alone has the cap for the other.
    """
    if percent is None and seconds is None:
        percent, seconds = rule.default_percent, rule.default_s
    return DetourLimit(
        rule.greatest_percent if percent is None else min(percent, rule.greatest_percent),
        rule.greatest_s if seconds is None else min(seconds, rule.greatest_s),
    )


def check_limit(percent: int | None, seconds: int | None, rule: SharingDetour) -> None:
    """Refuse a limit above the cap of the unit's rule. Raises DetourBeyondRule."""
    if (percent or 0) > rule.greatest_percent or (seconds or 0) > rule.greatest_s:
        raise DetourBeyondRule(
            greatest_percent=rule.greatest_percent, greatest_detour_s=rule.greatest_s
        )
