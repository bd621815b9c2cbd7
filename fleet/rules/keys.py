"""Which rules can be said, and what kinds of value they take."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from fleet.inputs import Name
from fleet.words import Category


class RuleKey(StrEnum):
    """Which rule (规则) or code list (代码表) a value belongs to."""

    OVER_QUOTA = "over_quota"
    OVER_STANDARD = "over_standard"
    USE_TYPES = "use_types"
    DRIVEN_DAY_S = "driven_day_s"
    DRIVEN_WEEK_S = "driven_week_s"
    RENEWAL_YEARS = "renewal_years"
    AUTO_DISPATCH = "auto_dispatch"
    AUTO_DISPATCH_LIMITS = "auto_dispatch_limits"
    ALLOWANCE_AREA = "allowance_area"
    ALLOWANCE_PURPOSES = "allowance_purposes"
    DEPARTURE_CHECK = "departure_check"
    CROSS_UNIT = "cross_unit"
    CHARGED_PERCENT = "charged_percent"
    TURNAROUND_S = "turnaround_s"
    RESERVED_FROM_H = "reserved_from_h"
    NIGHTLY_PLANS_H = "nightly_plans_h"
    EARLY_DEPARTURE_S = "early_departure_s"
    SHARING_DETOUR = "sharing_detour"


class Excess(StrEnum):
    """What happens to what exceeds a quota (编制) or a standard (标准)."""

    REFUSE = "refuse"
    FLAG = "flag"


class UseType(BaseModel):
    """A finer kind of use (用途细类) below a category."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    category: Category
    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    name: Name
