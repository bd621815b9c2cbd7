"""Outcomes as tables in Markdown and as charts, in English or Chinese."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from dispatch.simulation.weeks.chart import Column, bars
from dispatch.simulation.weeks.outcome import Outcome
from dispatch.simulation.weeks.running import Policy
from dispatch.simulation.weeks.sizing import Sized
from dispatch.simulation.weeks.words import Assigning

COMPARED = (
    Policy(Assigning.FIRST_COME, plans=False, sharing=False),
    Policy(Assigning.NEAREST, plans=False, sharing=False),
    Policy(Assigning.BATCH, plans=False, sharing=False),
    Policy(Assigning.OURS, plans=False, sharing=False),
    Policy(Assigning.OURS, plans=True, sharing=False),
    Policy(Assigning.OURS, plans=False, sharing=True),
    Policy(Assigning.OURS, plans=True, sharing=True),
)


class Language(StrEnum):
    """In which words a table and a chart speak."""

    EN = "en"
    ZH = "zh"


Words = dict[Language, str]


def _both(en: str, zh: str) -> Words:
    return {Language.EN: en, Language.ZH: zh}


_POLICY: dict[Assigning, Words] = {
    Assigning.FIRST_COME: _both("first come, first served", "先到先派"),
    Assigning.NEAREST: _both("greedy nearest", "就近派车"),
    Assigning.BATCH: _both("batch", "批量匹配"),
    Assigning.OURS: _both("ours", "本系统"),
}
_PLANS, _SHARING = _both("plans", "计划"), _both("sharing", "合乘")
_WAY, _VEHICLES = _both("policy", "派车方式"), _both("vehicles", "车辆数")
_FIGURES: tuple[tuple[Words, Callable[[Outcome], str]], ...] = (
    (_both("served", "已服务"), lambda o: f"{o.served:,}"),
    (_both("refused", "当时婉拒"), lambda o: f"{o.refused:,}"),
    (_both("given up", "放弃等候"), lambda o: f"{o.given_up:,}"),
    (_both("in time", "准时"), lambda o: f"{100 * o.in_time_share:.1f} %" if o.requests else "—"),
    (_both("promises kept", "兑现预约"), lambda o: f"{o.kept:,} / {o.promised:,}"),
    (_both("wait, mean (min)", "平均等候（分钟）"), lambda o: f"{o.wait_mean_min:.1f}"),
    (_both("wait, p95 (min)", "等候95分位（分钟）"), lambda o: f"{o.wait_p95_min:.1f}"),
    (_both("empty km", "空驶公里"), lambda o: f"{o.empty_km:,.0f}"),
    (_both("ridden km", "载客公里"), lambda o: f"{o.ridden_km:,.0f}"),
    (_both("shared km", "合乘公里"), lambda o: f"{o.shared_km:,.0f}"),
    (_both("duty, Gini", "出车时长基尼系数"), lambda o: f"{o.duty_gini:.3f}"),
)


def name_of(policy: Policy, language: Language) -> str:
    """Return what a policy is called."""
    parts = [_POLICY[policy.assigning][language]]
    parts += [_PLANS[language]] if policy.plans else []
    parts += [_SHARING[language]] if policy.sharing else []
    return " + ".join(parts)


def table_of_policies(told: Sequence[tuple[Policy, Outcome]], language: Language) -> list[str]:
    """Return the lines of a table with a row for each policy."""
    rows = [(name_of(policy, language), outcome) for policy, outcome in told]
    return _table(_WAY[language], rows, language)


def table_of_sizes(sized: Sequence[Sized], language: Language) -> list[str]:
    """Return the lines of a table with a row for each number of vehicles."""
    return _table(
        _VEHICLES[language], [(f"{one.vehicles:,}", one.outcome) for one in sized], language
    )


def chart_of_policies(told: Sequence[tuple[Policy, Outcome]], language: Language) -> str:
    """Return an SVG chart of policies beside one another."""
    title = _both("The same requests under each policy", "同一批申请，不同派车方式")
    rows = [name_of(policy, language) for policy, _ in told]
    return bars(title[language], rows, _columns([one for _, one in told], language))


def chart_of_sizes(sized: Sequence[Sized], language: Language) -> str:
    """Return an SVG chart of what fleets of several sizes do."""
    title = _both("How many vehicles for which service", "车辆数与服务水平")
    rows = [f"{one.vehicles:,} {_VEHICLES[language]}" for one in sized]
    return bars(title[language], rows, _columns([one.outcome for one in sized], language))


def _columns(outcomes: Sequence[Outcome], language: Language) -> list[Column]:
    in_time = _both("picked up in time, % of all asked", "准时接到，占全部申请 %")
    wait = _both("waiting, mean, minutes", "平均等候，分钟")
    empty = _both("empty kilometres a ride", "每次用车空驶公里")
    return [
        Column(in_time[language], tuple(100 * one.in_time_share for one in outcomes)),
        Column(wait[language], tuple(one.wait_mean_min for one in outcomes)),
        Column(empty[language], tuple(one.empty_km / max(1, one.served) for one in outcomes)),
    ]


def _table(first: str, rows: Sequence[tuple[str, Outcome]], language: Language) -> list[str]:
    heads = [first, *(words[language] for words, _ in _FIGURES)]
    return [
        "| " + " | ".join(heads) + " |",
        "|---|" + "---:|" * len(_FIGURES),
        *(
            "| " + " | ".join([name, *(figure(outcome) for _, figure in _FIGURES)]) + " |"
            for name, outcome in rows
        ),
    ]
