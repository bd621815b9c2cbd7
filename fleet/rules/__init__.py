"""Inherited rules (规则) and code lists (代码表): said once, in force for all that stands below."""

from fleet.rules.keys import Excess, RuleKey, UseType
from fleet.rules.lookup import Effective, effective

__all__ = ["Effective", "Excess", "RuleKey", "UseType", "effective"]
