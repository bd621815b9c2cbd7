"""Rules: what looks at kilometres and nights, and says which of them are a finding (疑点)."""

from enum import StrEnum


class Rule(StrEnum):
    """A rule by its stable code."""

    MOVED_WITHOUT_ORDER = "moved_without_order"
    NOT_BACK_AT_NIGHT = "not_back_at_night"


# A finding is suspected, never more: labels say what was seen, not what it would mean.
RULE_LABELS: dict[Rule, str] = {
    Rule.MOVED_WITHOUT_ORDER: "无派车任务行驶",
    Rule.NOT_BACK_AT_NIGHT: "夜间未回定点停放点",
}
