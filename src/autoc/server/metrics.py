"""The engine's counts in Prometheus' text format."""

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from autoc.runtime.measures import LATENESS_BUCKETS_SECONDS, Measures


class EngineCollector(Collector):
    """Turns `Measures`, and the store's counts, into metrics when they are asked for."""

    def __init__(self, measures: Measures, counts: Mapping[str, int]) -> None:
        self._measures = measures
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """All metrics."""
        events = CounterMetricFamily(
            "autoc_events", "Events taken in, by type and status.", labels=["type", "status"]
        )
        for (kind, status), count in self._measures.events.items():
            events.add_metric([kind, status], count)
        yield events
        outcomes = CounterMetricFamily(
            "autoc_attempts",
            "Attempts at effects, by kind and outcome.",
            labels=["kind", "outcome"],
        )
        for (lane, outcome), count in self._measures.outcomes.items():
            outcomes.add_metric([lane, outcome], count)
        yield outcomes
        records = CounterMetricFamily("autoc_decisions", "Decisions, by kind.", labels=["kind"])
        for record, count in self._measures.records.items():
            records.add_metric([record], count)
        yield records
        lateness = HistogramMetricFamily(
            "autoc_timer_lateness_seconds", "How late timers fired.", labels=[]
        )
        buckets = [
            (str(float(bucket)), float(self._measures.lateness[bucket]))
            for bucket in LATENESS_BUCKETS_SECONDS
        ]
        buckets.append(("+Inf", float(self._measures.lateness_count)))
        lateness.add_metric([], buckets, float(self._measures.lateness_sum_seconds))
        yield lateness
        for name, count in self._counts.items():
            yield GaugeMetricFamily(f"autoc_{name}", f"In the store: {name}.", value=count)


def render_metrics(measures: Measures, counts: Mapping[str, int]) -> bytes:
    """The whole text."""
    registry = CollectorRegistry()
    registry.register(EngineCollector(measures, counts))
    return generate_latest(registry)
