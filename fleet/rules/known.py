"""The rules that this system knows: sentence, unit, default and form of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, Field, JsonValue, TypeAdapter, ValidationError

from fleet.rules.auto_dispatch import AutoDispatchLimits, AutoDispatchMode
from fleet.rules.dispatching import AllowanceCircle, CrossUnitRule, DepartureCheckRule
from fleet.rules.keys import Excess, RuleKey, UseType
from fleet.rules.sharing import SharingDetour
from fleet.words import Purpose
from kit.errors import BadRequest

T = TypeVar("T")


class BadRuleValue(BadRequest):
    """The value does not have the form of this rule."""


def _lower_alone(_upper: T, lower: T) -> T:
    return lower


@dataclass(frozen=True, slots=True)
class KnownRule(Generic[T]):
    """A rule by itself, before anybody has said anything.

    unit: of the value, None where it has none
    open_below: whether lower levels may say otherwise while no level has spoken
    combine: from the value above and the value said here to the one in force here
    """

    key: RuleKey
    sentence: str
    unit: str | None
    form: TypeAdapter[T]
    default: T
    open_below: bool = False
    combine: Callable[[T, T], T] = _lower_alone

    def read(self, value: object) -> T:
        """Return `value`, as JSON has it, in the rule's own form. Raises BadRuleValue."""
        try:
            return self.form.validate_python(value)
        except ValidationError as error:
            told = "; ".join(
                f"{'.'.join(str(part) for part in one['loc']) or 'value'}: {one['msg']}"
                for one in error.errors(include_input=False, include_url=False)
            )
            raise BadRuleValue(told) from error

    def json(self, value: T) -> JsonValue:
        """Return `value` as JSON has it."""
        plain: JsonValue = self.form.dump_python(value, mode="json")
        return plain


def _codes_once(entries: tuple[UseType, ...]) -> tuple[UseType, ...]:
    if len({one.code for one in entries}) != len(entries):
        raise ValueError("a code stands twice in the list")
    return entries


def _purposes_once(listed: tuple[Purpose, ...]) -> tuple[Purpose, ...]:
    if len(set(listed)) != len(listed):
        raise ValueError("a purpose stands twice in the list")
    return listed


def _added(upper: tuple[UseType, ...], lower: tuple[UseType, ...]) -> tuple[UseType, ...]:
    """A lower level adds codes; those of the levels above mean the same everywhere."""
    taken = {one.code for one in upper}
    return upper + tuple(one for one in lower if one.code not in taken)


def _whole(least: int, most: int) -> TypeAdapter[int]:
    """Return the form of a whole number between bounds, both included."""
    return TypeAdapter(Annotated[int, Field(strict=True, ge=least, le=most)])


_HOUR_S = 3600
_EXCESS: TypeAdapter[Excess] = TypeAdapter(Excess)
_MODE: TypeAdapter[AutoDispatchMode] = TypeAdapter(AutoDispatchMode)
_LIMITS: TypeAdapter[AutoDispatchLimits] = TypeAdapter(AutoDispatchLimits)
_AREA: TypeAdapter[tuple[AllowanceCircle, ...]] = TypeAdapter(
    Annotated[tuple[AllowanceCircle, ...], Field(max_length=50)]
)
_PURPOSES: TypeAdapter[tuple[Purpose, ...]] = TypeAdapter(
    Annotated[tuple[Purpose, ...], Field(max_length=20), AfterValidator(_purposes_once)]
)
_CHECK: TypeAdapter[DepartureCheckRule] = TypeAdapter(DepartureCheckRule)
_CROSS_UNIT: TypeAdapter[CrossUnitRule] = TypeAdapter(CrossUnitRule)
_SHARING: TypeAdapter[SharingDetour] = TypeAdapter(SharingDetour)
_USE_TYPES: TypeAdapter[tuple[UseType, ...]] = TypeAdapter(
    Annotated[tuple[UseType, ...], Field(max_length=200), AfterValidator(_codes_once)]
)

# Rules of many forms stand in one table; `effective` gives each its own type back.
KNOWN: Mapping[RuleKey, KnownRule[Any]] = {
    one.key: one
    for one in (
        KnownRule(
            RuleKey.OVER_QUOTA,
            "What happens to a vehicle that exceeds its unit's quota (超编).",
            None,
            _EXCESS,
            Excess.FLAG,
        ),
        KnownRule(
            RuleKey.OVER_STANDARD,
            "What happens to a vehicle that exceeds the standard of its kind (超标).",
            None,
            _EXCESS,
            Excess.FLAG,
        ),
        KnownRule(
            RuleKey.USE_TYPES,
            "Finer kinds of use below the statutory categories (用途细类); lower levels add codes.",
            None,
            _USE_TYPES,
            (),
            open_below=True,
            combine=_added,
        ),
        KnownRule(
            RuleKey.DRIVEN_DAY_S,
            "The longest that a driver drives on one day (单日驾驶时长).",
            "s",
            _whole(_HOUR_S, 24 * _HOUR_S),
            8 * _HOUR_S,
        ),
        KnownRule(
            RuleKey.DRIVEN_WEEK_S,
            "The longest that a driver drives in one week from Monday (单周驾驶时长).",
            "s",
            _whole(_HOUR_S, 7 * 24 * _HOUR_S),
            44 * _HOUR_S,
        ),
        KnownRule(
            RuleKey.RENEWAL_YEARS,
            "A renewal is early until more than these years of use have passed (更新年限).",
            "a",
            _whole(1, 30),
            8,
        ),
        KnownRule(
            RuleKey.AUTO_DISPATCH,
            "How far the system goes by itself with a request that awaits dispatch (自动派车).",
            None,
            _MODE,
            AutoDispatchMode.OFF,
            open_below=True,
        ),
        KnownRule(
            RuleKey.AUTO_DISPATCH_LIMITS,
            "Within what a request is assigned automatically (自动派车范围).",
            None,
            _LIMITS,
            AutoDispatchLimits(),
            open_below=True,
        ),
        KnownRule(
            RuleKey.ALLOWANCE_AREA,
            "Where whoever draws the transport allowance gets no vehicle (补贴范围).",
            None,
            _AREA,
            (),
            open_below=True,
        ),
        KnownRule(
            RuleKey.ALLOWANCE_PURPOSES,
            "For which purposes a vehicle is given inside the allowance area all the same.",
            None,
            _PURPOSES,
            (Purpose.EMERGENCY, Purpose.DOCUMENT, Purpose.RECEPTION, Purpose.GROUP_ACTIVITY),
            open_below=True,
        ),
        KnownRule(
            RuleKey.DEPARTURE_CHECK,
            "Whether a vehicle departs without a departure check (出车检查).",
            None,
            _CHECK,
            DepartureCheckRule.OFF,
            open_below=True,
        ),
        KnownRule(
            RuleKey.CROSS_UNIT,
            "Whether other units are given a unit's own vehicles (跨单位统一调度).",
            None,
            _CROSS_UNIT,
            CrossUnitRule.OPEN,
            open_below=True,
        ),
        KnownRule(
            RuleKey.CHARGED_PERCENT,
            "How full the battery of an electric vehicle counts while nobody tells (默认电量).",
            "%",
            _whole(1, 100),
            80,
            open_below=True,
        ),
        KnownRule(
            RuleKey.TURNAROUND_S,
            "How long a vehicle stands between two rides that are promised (周转时间).",
            "s",
            _whole(0, 6 * _HOUR_S),
            900,
            open_below=True,
        ),
        KnownRule(
            RuleKey.RESERVED_FROM_H,
            "From how long ahead an approved ride is promised a vehicle; 0: never (预留提前量).",
            "h",
            _whole(0, 180 * 24),
            0,
            open_below=True,
        ),
        KnownRule(
            RuleKey.NIGHTLY_PLANS_H,
            "From which hour of an evening tomorrow's plan is made by itself; 0: never (每晚排班).",
            "h",
            _whole(0, 23),
            0,
            open_below=True,
        ),
        KnownRule(
            RuleKey.EARLY_DEPARTURE_S,
            "How long before the planned start of its order a vehicle departs at most (提前出车).",
            "s",
            _whole(0, 24 * _HOUR_S),
            2 * _HOUR_S,
            open_below=True,
        ),
        KnownRule(
            RuleKey.SHARING_DETOUR,
            "How far out of their way passengers who share are taken (合乘绕行限度).",
            None,
            _SHARING,
            SharingDetour(),
            open_below=True,
        ),
    )
}
