"""Which roles may be lent to a deputy, and for how long."""

from datetime import datetime, timedelta

from fleet.words import Role

DELEGABLE = frozenset(
    {
        Role.UNIT_APPROVER,
        Role.AUTHORITY_APPROVER,
        Role.DISPATCHER,
        Role.UNIT_CLERK,
        Role.FLEET_MANAGER,
    }
)

LONGEST = timedelta(days=184)


def is_delegation_period(start: datetime, end: datetime, now: datetime) -> bool:
    """Return whether [start, end) is not empty, not past, and not too long."""
    return now <= start < end <= start + LONGEST
