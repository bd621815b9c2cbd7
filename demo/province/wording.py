"""Invented names: of regions, units and people. None of them is a real place."""

from itertools import product

PROVINCE = "示范省"
_FIRST = "安平永宁和顺昌盛兴隆清泰嘉祥瑞康福禄寿喜"
_SECOND = "川原河岭泉湖溪山林桥"

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "安平宁和顺昌兴清嘉瑞康福文武明亮光辉志强国庆建军红梅玉兰芳华静怡思远子涵"

UNITS = (
    *("水务局", "农业农村局", "教育局", "卫生健康局", "交通运输局", "文化旅游局", "应急管理局"),
    *("住房建设局", "自然资源局", "生态环境局", "市场监督管理局", "林业局", "民政局", "财政局"),
    *("审计局", "统计局", "医疗保障局", "人力资源局", "司法局", "公安局", "城市管理局", "气象局"),
    *("档案馆", "图书馆", "疾病预防控制中心", "动物疫病防控中心", "公路管理站", "水文站"),
    *("地震监测站", "防汛抗旱中心", "农技推广站", "环境监测站", "粮食储备局", "体育局", "信访局"),
    *("退役军人事务局", "乡村振兴局", "招商服务中心", "政务服务中心", "园林绿化中心"),
)


def places(count: int) -> list[str]:
    """Return so many different names of two characters, without 市 or 县."""
    made = [one + two for one, two in product(_FIRST, _SECOND)]
    if count > len(made):
        raise ValueError(f"there are only {len(made)} names")
    # A step that shares no divisor with their number visits all of them once.
    return [made[n * 77 % len(made)] for n in range(count)]


def person(n: int) -> str:
    """Return the n-th name of a person; names repeat, as they do in life."""
    second = _GIVEN[n * 7 % len(_GIVEN)]
    third = _GIVEN[n * 11 % len(_GIVEN)] if n % 3 else ""
    return _SURNAMES[n % len(_SURNAMES)] + second + third
