"""Data quality as a spreadsheet: a row a terminal and day, the last 31; it goes out only."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Integer, SQLColumnExpression, cast, func

from fleet.exchange.kinds import Day, OrganisationName, Scaled, Text, Whole
from fleet.exchange.sheets import Column, Rows, Sheet
from fleet.permissions import Permission
from fleet.tables import Terminal
from kit.clock import shanghai_day
from tracking.quality.figures import DAY_S
from tracking.quality.tables import TerminalDay

_DAYS = timedelta(days=31)
_COUNT = Whole(0, 2_147_483_647)
_PERCENT = Scaled(1, Decimal(0), Decimal(100))
_SECONDS = Scaled(1, Decimal(-10_000_000_000), Decimal(10_000_000_000))

Number = SQLColumnExpression[int] | SQLColumnExpression[float] | SQLColumnExpression[float | None]


def _percent(part: Number, whole: Number | int) -> SQLColumnExpression[int]:
    """A share in tenths of a per cent, nothing of nothing."""
    return cast(func.round(part * 1000.0 / func.nullif(whole, 0)), Integer)


def _tenths(seconds: Number) -> SQLColumnExpression[int]:
    return cast(func.round(seconds * 10), Integer)


def _recent(statement: Rows, now: datetime) -> Rows:
    return statement.join(Terminal, Terminal.no == TerminalDay.terminal_no).where(
        TerminalDay.day >= shanghai_day(now - _DAYS)
    )


_ROW = TerminalDay

DATA_QUALITY = Sheet(
    name="data-quality",
    zh="数据质量",
    en="Data quality",
    table=TerminalDay,
    columns=(
        Column("day", "日期", "Day", Day(), _ROW.day),
        Column("phone", "终端手机号", "Phone", Text(), Terminal.phone),
        Column("unit", "所属机构", "Organisation", OrganisationName(), Terminal.organisation_no),
        Column("online", "在线率（%）", "Online (%)", _PERCENT, _percent(_ROW.online_s, DAY_S)),
        Column(
            "complete", "行驶数据完整率（%）", "Complete on the way (%)", _PERCENT,
            _percent(_ROW.moving, _ROW.moving + _ROW.missing),
        ),
        Column(
            "accepted", "数据合格率（%）", "Accepted (%)", _PERCENT,
            _percent(_ROW.positions - _ROW.doubtful, _ROW.positions),
        ),
        Column(
            "drift", "停车漂移率（%）", "Drift while parked (%)", _PERCENT,
            _percent(_ROW.drifting, _ROW.parked),
        ),
        Column("jumps", "异常跳变次数", "Jumps", _COUNT, _ROW.jumps),
        Column("interval", "上报间隔（秒）", "Interval (s)", _SECONDS, _tenths(_ROW.interval_s)),
        Column("clock", "时钟偏差（秒）", "Clock offset (s)", _SECONDS,
               _tenths(_ROW.clock_offset_s)),
        Column("positions", "定位数", "Positions", _COUNT, _ROW.positions),
        Column("repeats", "重复数", "Repeats", _COUNT, _ROW.repeats),
        Column("backfilled", "补报数", "Backfilled", _COUNT, _ROW.backfilled),
        Column("doubtful", "存疑数", "Doubtful", _COUNT, _ROW.doubtful),
        Column("no_fix", "未定位", "No fix", _COUNT, _ROW.no_fix),
        Column("zero_island", "零坐标", "Zero island", _COUNT, _ROW.zero_island),
        Column("impossible_coordinates", "坐标越界", "Impossible coordinates", _COUNT,
               _ROW.impossible_coordinates),
        Column("time_unreadable", "时间无法识别", "Time unreadable", _COUNT, _ROW.time_unreadable),
        Column("future", "时间超前", "Future", _COUNT, _ROW.future),
        Column("stale", "时间过旧", "Stale", _COUNT, _ROW.stale),
        Column("encrypted", "坐标加密", "Encrypted", _COUNT, _ROW.encrypted),
        Column("outside_region", "超出区域", "Outside the region", _COUNT, _ROW.outside_region),
        Column("rollover_repaired", "周数翻转已修复", "Roll-over repaired", _COUNT,
               _ROW.rollover_repaired),
    ),
    read=Permission.TERMINAL_READ,
    owner=Terminal.organisation_no,
    joins=_recent,
    key=(),
    order=(TerminalDay.day.desc(), Terminal.phone),
    search=(Terminal.phone,),
)  # fmt: skip

SHEETS = (DATA_QUALITY,)
