"""Figures as people read them, in the sentences that findings carry."""

from datetime import UTC, datetime

from kit.clock import SHANGHAI


def instant(time: datetime) -> str:
    """Return the instant as RFC 3339 in UTC, for figures."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def beijing(time: datetime) -> str:
    """Return the instant as hours and minutes in Beijing."""
    return f"{time.astimezone(SHANGHAI):%H:%M}"


def duration(seconds: float) -> str:
    """Return a length of time as hours and minutes; below a minute as seconds."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} 秒"
    hours, minutes = divmod(whole // 60, 60)
    if not hours:
        return f"{minutes} 分钟"
    return f"{hours} 小时 {minutes} 分钟" if minutes else f"{hours} 小时"
