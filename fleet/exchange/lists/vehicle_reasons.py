"""What is told of rows of vehicles: errors of the vehicles' room by cell, and what is doubtful."""

from collections.abc import Mapping, Sequence

from fleet.errors import NotABase, PlateTaken
from fleet.exchange.known import Known
from fleet.exchange.plan import Plan, Problem, ReadRow
from fleet.exchange.reasons import Reason
from fleet.quotas.errors import OverQuota, OverStandard
from fleet.vehicles.errors import (
    MarkingIncomplete,
    PurchasedAfterStart,
    SecretVehicleRefused,
    UnknownUseType,
    VinTaken,
)
from fleet.vehicles.plates import PlateColourMismatch, PlateEnergyMismatch
from fleet.vehicles.words import Secrecy
from kit.errors import DomainError

_ZH: Mapping[type[DomainError], tuple[str, str]] = {
    SecretVehicleRefused: ("plate", "此车辆不得进入本系统，只能上报数量。"),
    PlateTaken: ("plate", "此号牌已登记在另一车辆上。"),
    VinTaken: ("vin", "此车辆识别代号已登记在另一车辆上，请核对是否重复登记。"),
    PlateColourMismatch: ("plate_colour", "号牌形式与颜色不符。"),
    PlateEnergyMismatch: ("energy", "新能源号牌（绿、黄绿）的车辆不能是汽油或柴油车。"),
    NotABase: ("base", "此地点不是定点停放点。"),
    MarkingIncomplete: ("marking", "已标识须填标识日期，免予标识须填依据。"),
    PurchasedAfterStart: ("purchase_date", "购置日期不得晚于使用起始日。"),
    UnknownUseType: ("use_type", "该单位此类别没有这个用途细类。"),
    OverQuota: ("category", "超出该单位此类别的编制。"),
    OverStandard: ("price_fen", "超出配备标准（价格或排量）。"),
}
FLAGGED_QUOTA = Reason(
    "over-quota",
    "超出该单位此类别的编制，导入后将作标记。",
    "The unit has more vehicles of this category than its quota; the vehicle will be flagged.",
)
FLAGGED_STANDARD = Reason(
    "over-standard",
    "超出配备标准（价格或排量），导入后将作标记。",
    "It exceeds the standard of price or displacement; the vehicle will be flagged.",
)
DOUBTFUL_ENERGY = Reason(
    "plate-energy",
    "号牌字母与能源类型不符（D、A、B、C、E 为纯电动），请核对。",
    "The plate's letter and the energy differ (D, A, B, C, E are purely electric); please compare.",
)


def refuse(plan: Plan, row: ReadRow, error: DomainError) -> None:
    """Note an error of the vehicles' room, in the cell that it is about; no facts are repeated."""
    plan.refuse(row, *_reason(error))


def _reason(error: DomainError) -> tuple[str, Reason]:
    """Return the column that an error is about, and the reason."""
    column, zh = _ZH.get(type(error), ("since", error.title()))
    return column, Reason(error.problem_type(), zh, error.title())


def withhold(row: ReadRow, problems: Sequence[Problem], known: Known) -> Problem | None:
    """Return the one problem of a row that is, or may be, a secret vehicle's; None for others.

    A word that the column of secrecy doesn't know may mean a grade of secrecy: nothing is repeated
    of such a row either.
    """
    secrecy = row.values.get("secrecy", Secrecy.NONE)
    plate = row.values.get("plate")
    if secrecy == Secrecy.SECRET or (isinstance(plate, str) and known.refusals.hold(plate)):
        reason = _reason(SecretVehicleRefused())[1]
        return Problem(row.number, reason, row.cells.get("plate"), "plate")
    return next((one for one in problems if one.column == "secrecy"), None)
