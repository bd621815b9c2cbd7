"""Names that no real place bears, as far as we know; none of a real city or district."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

CITY = "澄禾示范城"
RIVER = "砚汀河"
LAKE = "萤舟湖"
RING = "环城快速路"
DISTRICTS = ("棠圃片区", "栖墨片区", "荻影片区", "霁竹片区", "枫笺片区", "蒲灯片区", "麦屏片区")
PARKS = ("萤舟公园", "栖帆公园", "桐影公园")

_FIRST = "砚栖澄朗禾荻蒲棠萤瓷霁杼笺墨麦桐榆槿"
_SECOND = "汀渚坞陂圃影纹屏灯舟帆笛梭砂"

OFFICES = (
    "行政服务中心",
    "水务管理局",
    "农业农村局",
    "林草管理局",
    "教育局",
    "卫生健康局",
    "交通运输局",
    "文化旅游局",
    "市场监督管理局",
    "应急管理局",
    "自然资源局",
    "住房建设局",
    "统计局",
    "档案馆",
    "机关事务服务中心",
    "民政局",
)
BASES = ("城东", "城西", "城南", "城北", "中心", "沿河")
HOMES = ("棠舟苑", "霁砂里", "荻灯小区", "榆屏家园", "墨帆苑", "蒲笛里")


def street_names(random: Random) -> Iterator[str]:
    """Two-character stems for street names, none twice, in an order that the seed decides."""
    stems = [first + second for first, second in product(_FIRST, _SECOND)]
    random.shuffle(stems)
    yield from stems
