"""Chinese labels of code words, as docs/glossary.md has them (a test compares)."""

from collections.abc import Mapping
from enum import StrEnum

from fleet.vehicles.plates import PlateColour
from fleet.vehicles.words import Body, Condition, Funding, LifeState, Marking, Secrecy
from fleet.words import (
    Authentication,
    Category,
    Energy,
    Holding,
    OrganisationKind,
    PlaceKind,
    Role,
)


def labelled(words: type[StrEnum], labels: str) -> Mapping[str, str]:
    """Return the labels, divided by spaces, of the words in their order."""
    return dict(zip((word.value for word in words), labels.split(), strict=True))


ORGANISATION_KIND = labelled(OrganisationKind, "主管部门 用车单位 供应商 维修单位")
CATEGORY = labelled(Category, "机要通信 应急保障 执法执勤 特种专业技术 其他")
HOLDING = labelled(Holding, "保留车辆 平台车辆 租赁车辆")
ENERGY = labelled(Energy, "汽油 柴油 纯电动 混合动力")
PLATE_COLOUR = labelled(PlateColour, "蓝 黄 黑 白 绿 黄绿")
BODY = labelled(Body, "轿车 越野车 商务车 中型客车 大型客车 货车 专用车")
FUNDING = labelled(Funding, "财政预算 自有资金 划入 其他")
MARKING = labelled(Marking, "未标识 已标识 免予标识")
CONDITION = labelled(Condition, "一般 工作需要 特殊情况")
SECRECY = labelled(Secrecy, "非涉密 涉密")
LIFE_STATE = labelled(LifeState, "编制核定 购置 登记上牌 配备 在用 更新 处置 注销登记")
PLACE_KIND = labelled(PlaceKind, "定点停放点 办公场所 重点场所 其他")
AUTHENTICATION = labelled(Authentication, "鉴权码 仅终端号")
ROLE = labelled(
    Role,
    "申请人 用车管理员 用车审核领导 主管部门审批人 调度员 驾驶员 车辆管理员 财务人员 监督人员 "
    "外部监督人员 保密审查员 系统管理员 安全保密管理员 安全审计员",
)
