"""Figures of one process, read at `/metrics` in the Prometheus text format.

A room keeps plain numbers in a state object and knows nothing of Prometheus; the edge names them
here, and they are read when somebody asks. Nothing is global.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from prometheus_client import (
    CollectorRegistry,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

SHORT_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds of what somebody waits for."""
LONG_S = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3_600.0)
"""Bounds of what is done in the background."""
SIZES = (1.0, 10.0, 50.0, 100.0, 500.0, 1_000.0, 2_500.0, 5_000.0, 10_000.0, 50_000.0, 100_000.0)


class Distribution:
    """How many values lay at or below each bound, and their sum."""

    __slots__ = ("_counts", "bounds", "sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        if list(bounds) != sorted(set(bounds)) or not bounds:
            raise ValueError("bounds ascend")
        self.bounds = tuple(bounds)
        self.sum = 0.0
        self._counts = [0] * (len(bounds) + 1)

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(self._counts)

    def observe(self, value: float) -> None:
        """Take in a value."""
        self._counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    def buckets(self) -> list[tuple[str, float]]:
        """Return each bound as text with how many values lay at or below it; the last is +Inf."""
        names = [*map(str, self.bounds), "+Inf"]
        return list(zip(names, map(float, accumulate(self._counts)), strict=True))


Read = Callable[[], float | Distribution | Mapping[str, float] | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric: its name with its unit, what it means, and how it is read.

    label: by what a mapping's keys tell its values apart
    read: a number, a number by label, or None as long as it is unknown; a histogram's distribution
    """

    kind: Literal["counter", "gauge", "histogram"]
    name: str
    meaning: str
    read: Read
    label: str | None = None

    def __post_init__(self) -> None:
        if self.kind == "counter" and not self.name.endswith("_total"):
            raise ValueError(f"a counter's name ends with _total, not {self.name}")

    def family(self) -> Metric:
        """Return the metric without values."""
        labels = [self.label] if self.label else []
        match self.kind:
            case "counter":
                return CounterMetricFamily(self.name, self.meaning, labels=labels)
            case "gauge":
                return GaugeMetricFamily(self.name, self.meaning, labels=labels)
            case "histogram":
                return HistogramMetricFamily(self.name, self.meaning, labels=labels)

    def told(self) -> Metric:
        """Return the metric with the values of this moment."""
        family, value = self.family(), self.read()
        if isinstance(value, Distribution):
            assert isinstance(family, HistogramMetricFamily)
            family.add_metric([], value.buckets(), value.sum)
        elif value is not None:
            assert isinstance(family, (CounterMetricFamily, GaugeMetricFamily))
            if isinstance(value, Mapping):
                # Copied first: a scrape comes from another thread than what it reads.
                for key, one in dict(value).items():
                    family.add_metric([key], one)
            else:
                family.add_metric([], value)
        return family


class Figures(Collector):
    """Reads its figures whenever the registry is asked."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = tuple(figures)

    def describe(self) -> Iterator[Metric]:
        """Yield what there is to read, without reading."""
        return (figure.family() for figure in self._figures)

    def collect(self) -> Iterator[Metric]:
        """Yield every figure with its values."""
        return (figure.told() for figure in self._figures)


def counter(name: str, meaning: str, read: Read, label: str | None = None) -> Figure:
    """Return a figure that only grows."""
    return Figure("counter", name, meaning, read, label)


def gauge(name: str, meaning: str, read: Read, label: str | None = None) -> Figure:
    """Return a figure that rises and falls."""
    return Figure("gauge", name, meaning, read, label)


def histogram(name: str, meaning: str, read: Callable[[], Distribution]) -> Figure:
    """Return a figure of how values are distributed."""
    return Figure("histogram", name, meaning, read)


def new_registry() -> CollectorRegistry:
    """Return a registry that tells of the process itself: CPU, memory, open files."""
    # When a series began says the scraper; telling it would double the series.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = CollectorRegistry(auto_describe=True)
    ProcessCollector(registry=registry)
    return registry


def exposition(registry: CollectorRegistry) -> bytes:
    """Return the registry's values in the text exposition format."""
    return generate_latest(registry)
