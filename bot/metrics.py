"""What is counted, and how does Prometheus read it?"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import timedelta
from importlib import metadata

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OTHER = "other"

# Every label comes from a list that stands in the code or in a policy file: none tells of an
# incident, a room or a person. Whoever adds one keeps it so; tests/flows/test_watching.py looks.
_OURS = CollectorRegistry()
_ACK_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.06, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
_CALL_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 25.0)
_LATE_SECONDS = (0.05, 0.15, 0.4, 1.0, 5.0, 15.0, 60.0, 300.0, 3600.0)

ACKS = Histogram(
    "warroom_ack_seconds",
    "From a request of Slack's to its answer, by kind of request and what was answered.",
    ["kind", "outcome"],
    buckets=_ACK_SECONDS,
    registry=_OURS,
)
DELIVERIES = Histogram(
    "warroom_delivery_seconds",
    "Attempts to bring what is owed, by kind of effect and what came of them.",
    ["effect", "outcome"],
    buckets=_CALL_SECONDS,
    registry=_OURS,
)
RETRIES = Counter(
    "warroom_delivery_retries",
    "Attempts that were not the first.",
    ["effect"],
    registry=_OURS,
)
THROTTLED = Counter(
    "warroom_slack_throttled",
    "Answers 429 of Slack's, by method.",
    ["method"],
    registry=_OURS,
)
LATENESS = Histogram(
    "warroom_reminder_lateness_seconds",
    "From the moment something was due to the commit that rang it.",
    buckets=_LATE_SECONDS,
    registry=_OURS,
)
WRITES = Histogram(
    "warroom_database_write_seconds",
    "From asking for a transaction to its commit or its end.",
    ["outcome"],
    buckets=_ACK_SECONDS,
    registry=_OURS,
)
HOOKS = Counter(
    "warroom_hook_requests",
    "Requests of other systems, by way in and HTTP status.",
    ["way", "status"],
    registry=_OURS,
)
_BUILD = Gauge(
    "warroom_build_info",
    "Always 1; the labels say what runs here.",
    ["version", "python"],
    registry=_OURS,
)


def version() -> str:
    """The version that is installed here; `unknown` where only its files lie."""
    try:
        return metadata.version("warroom")
    except metadata.PackageNotFoundError:
        return "unknown"


_BUILD.labels(version(), platform.python_version()).set(1)

_verdict: ContextVar[list[str] | None] = ContextVar("verdict", default=None)


def judging() -> list[str]:
    """Begin to watch one request; what `verdict` says of it meanwhile stands in the list."""
    said: list[str] = []
    _verdict.set(said)
    return said


def verdict(outcome: str) -> None:
    """Say what became of the request under way: refused, not_written, bug, malformed."""
    said = _verdict.get()
    if said is not None:
        said.append(outcome)


def rang(late: Iterable[timedelta]) -> None:
    """Count what was rung, each by how late it was."""
    for one in late:
        LATENESS.observe(one.total_seconds())


def wrote(seconds: float, error: BaseException | None) -> None:
    """Count a transaction; a rule's refusal is not a fault of the database."""
    WRITES.labels("failed" if hasattr(error, "sentence") else "done").observe(seconds)


def gauge(name: str, says: str, label: str, values: Iterable[tuple[str, float]]) -> Metric:
    """A figure that is read where it stands, once for each value of its label."""
    family = GaugeMetricFamily(name, says, labels=[label])
    for value, figure in values:
        family.add_metric([value], figure)
    return family


def page(standing: Iterable[Metric]) -> bytes:
    """All of it in Prometheus' text format, with figures that were read just now."""
    read = CollectorRegistry(auto_describe=False)
    read.register(_Read(lambda: standing))
    return generate_latest(_OURS) + generate_latest(read)


class _Read(Collector):
    def __init__(self, figures: Callable[[], Iterable[Metric]]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        """What was read."""
        return self._figures()
