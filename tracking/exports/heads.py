"""What stands at the head of every exported file."""

from dataclasses import dataclass
from datetime import datetime

from fleet.sittings.words import LookingPurpose
from kit.clock import SHANGHAI

DATUM = "WGS-84"
CREATOR = "Gongche"

_PURPOSES = {
    LookingPurpose.DISPATCHING: "调度",
    LookingPurpose.SUPERVISION: "日常监督",
    LookingPurpose.CASE: "个案核查",
    LookingPurpose.COMPLAINT: "投诉核实",
    LookingPurpose.INCIDENT: "事故处置",
}


@dataclass(frozen=True, slots=True)
class Head:
    """Of whom the file tells, and who took it out.

    reference: the number of the case or letter, None without one
    """

    plate: str
    start: datetime
    end: datetime
    by: str
    at: datetime
    purpose: LookingPurpose
    reference: str | None

    @property
    def title(self) -> str:
        """The vehicle and the period, in Shanghai's time."""
        return f"{self.plate} {_shown(self.start)} 至 {_shown(self.end)}（北京时间）"

    @property
    def watermark(self) -> str:
        """Who took the file out, when and for what: tracks tell about people."""
        why = " ".join(part for part in (_PURPOSES[self.purpose], self.reference) if part)
        return f"内部资料 · {self.by} · {_shown(self.at)} · 查阅事由：{why}"


def _shown(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
