"""Why a cell is not taken: a stable code, and one sentence in each language."""

from dataclasses import dataclass

from kit.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence for people who read Chinese, one for those who read English, and its code."""

    code: str
    zh: str
    en: str


class CellRefused(Trouble):
    """A cell can't be read as what its column holds."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.en)
        self.reason = reason


FORMULA = Reason(
    "formula", "不接受公式，请改为数值后再导入。", "A formula is never evaluated; enter its value."
)
ERROR_VALUE = Reason("error-value", "单元格是错误值。", "The cell holds an error value.")
MERGED = Reason("merged", "请取消合并单元格。", "Merged cells are not taken; unmerge them.")
REQUIRED = Reason("required", "必填。", "This is required.")
CONTROL = Reason(
    "control-character", "含有换行或控制字符。", "It holds a line break or a control character."
)
WANT_TEXT = Reason("text-wanted", "应为文字。", "Text is wanted here.")
WANT_NUMBER = Reason(
    "number-wanted",
    "应为数字，如 1234.5（半角，不用科学计数法）。",
    "A plain number is wanted here, such as 1234.5.",
)
WANT_WHOLE = Reason("whole-wanted", "应为整数。", "A whole number is wanted here.")
WANT_DAY = Reason(
    "day-wanted", "应为日期，如 2026-01-31。", "A date is wanted here, such as 2026-01-31."
)
WANT_INSTANT = Reason(
    "time-wanted",
    "应为北京时间，如 2026-01-31 08:30。",
    "A time of Beijing is wanted here, such as 2026-01-31 08:30.",
)
PRECISION_LOST = Reason(
    "precision-lost",
    "数字过长，末位已丢失；请将单元格设为文本后重填。",
    "The number is so long that digits are lost; format the cell as text and enter it again.",
)
TWICE_IN_FILE = Reason(
    "twice-in-file", "文件中有另一行与此行相同。", "Another row of the file is about the same."
)
NO_ORGANISATION = Reason(
    "no-such-organisation",
    "您的范围内没有这个机构。",
    "There is no such organisation within your scope.",
)
NO_PLACE = Reason(
    "no-such-place", "您的范围内没有这个地点。", "There is no such place within your scope."
)
AMBIGUOUS = Reason(
    "ambiguous",
    "同名的不止一个，请写成“上级/名称”。",
    "Several have this name; write it as “parent/name”.",
)


NO_VEHICLE = Reason(
    "no-such-vehicle", "您的范围内没有这辆车。", "There is no such vehicle within your scope."
)
NO_PERSON = Reason(
    "no-such-person", "您的范围内没有这个账号。", "There is no such person within your scope."
)
BY_ITS_OWN_ACT = Reason(
    "not-by-import",
    "此列不能通过导入更改，请在系统中办理。",
    "An import does not change this; it is an act of its own.",
)
TAKEN_ELSEWHERE = Reason(
    "taken", "已在您范围之外登记。", "It is already in the register, outside your scope."
)


def too_long(most: int) -> Reason:
    """The text has more than `most` characters."""
    return Reason("too-long", f"超过 {most} 个字。", f"It is longer than {most} characters.")


def bad_form(zh: str, en: str) -> Reason:
    """The text doesn't have the form of its column."""
    return Reason("bad-form", zh, en)


def out_of_bounds(least: object, most: object) -> Reason:
    """The number or day lies outside its bounds."""
    return Reason(
        "out-of-bounds",
        f"应在 {least} 至 {most} 之间。",
        f"It must lie between {least} and {most}.",
    )


def too_many_places(places: int) -> Reason:
    """The number has more decimal places than are kept."""
    return Reason(
        "too-many-places",
        f"小数至多 {places} 位，不作四舍五入。",
        f"It has more than {places} decimal places, and is not rounded.",
    )


def not_in_list(labels: list[str]) -> Reason:
    """The word is not one of the code list's."""
    return Reason(
        "not-in-list", f"应为：{'、'.join(labels)}。", f"It must be one of: {', '.join(labels)}."
    )
