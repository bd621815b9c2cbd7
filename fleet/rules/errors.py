"""Why a rule's value is refused."""

from kit.errors import Conflict


class RuleClosed(Conflict):
    """A level above has not opened this rule."""


class LaterRuleValue(Conflict):
    """A later value of this rule is already written."""


class NothingSaid(Conflict):
    """The organisation itself says nothing about this rule at that time."""
