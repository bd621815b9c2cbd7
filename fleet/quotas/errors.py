"""Why quotas and standards refuse something."""

from kit.errors import BadRequest, Conflict


class OverQuota(Conflict):
    """The unit's quota (编制) of this category has no free place."""


class OverStandard(Conflict):
    """The vehicle exceeds the standard (配备标准) of its category."""


class LaterQuota(Conflict):
    """A quota of this unit and category begins later; set the new one after it."""


class LaterStandard(Conflict):
    """A standard of this kind begins later; set the new one after it."""


class CategoryWithoutStandard(BadRequest):
    """Special technical vehicles have no general standard."""
