"""What was measured, what was wanted, and does it hold?"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import psutil

from tests.bench.fake import LATENCY_SECONDS
from tests.bench.people import Declared

_MIB = 2**20
_NOISE = (
    "Machines are noisy: compare figures of one run with each other, never with those of another "
    "run or machine."
)


@dataclass(frozen=True)
class Figure:
    """One line of the table; `wanted` is the most it may be."""

    what: str
    measured: float
    wanted: float
    unit: str = ""
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Whether the target is met."""
        return self.measured <= self.wanted

    def cells(self) -> tuple[str, str, str, str, str]:
        """What stands in the table."""
        places = 0 if self.unit == "MiB" else 2
        unit = f" {self.unit}" if self.unit else ""
        return (
            self.what,
            f"{self.measured:.{places}f}{unit}",
            f"at most {self.wanted:.{places}f}{unit}",
            "holds" if self.holds else "MISSED",
            self.detail,
        )


@dataclass(frozen=True)
class Run:
    """All declares of one run; `resident_bytes` of the bot afterwards."""

    bot_alone: Sequence[Declared]
    bare_alone: Sequence[Declared]
    bot_crowd: Sequence[Declared]
    bare_crowd: Sequence[Declared]
    storm: Sequence[Declared]
    resident_bytes: int

    def figures(self) -> list[Figure]:
        """Everything that has a target."""
        invited = [one.invited for one in self.bot_alone]
        memory = "Resident memory of the bot after all that"
        return [
            _ready(
                "Declare ready, one at a time: bot / bare Bolt",
                (self.bot_alone, self.bare_alone),
                1.10,
            ),
            _ready(
                "Declare ready, 20 at once: bot / bare Bolt",
                (self.bot_crowd, self.bare_crowd),
                1.35,
            ),
            Figure(
                "Declarer invited / two round trips",
                median(invited) / (2 * LATENCY_SECONDS),
                1.10,
                detail=f"p50 {_ms(median(invited))}",
            ),
            *self._acks(),
            Figure(memory, self.resident_bytes / _MIB, 160, "MiB"),
        ]

    def _acks(self) -> list[Figure]:
        alone = [one.submit_ack for one in self.bot_alone]
        submits = [one.submit_ack for one in self.storm]
        slowest = max(*submits, *(one.command_ack for one in self.storm))
        storm = f"submits p50 {_ms(median(submits))}, worst {_ms(max(submits))}"
        return [
            Figure(
                "Submit ack, commit made, p50",
                median(alone) * 1000,
                5.0,
                "ms",
                f"worst {_ms(max(alone))}",
            ),
            Figure(f"Slowest ack, {len(self.storm)} declares at once", slowest, 3.0, "s", storm),
        ]


def machine() -> str:
    """What it ran on."""
    gib = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} cores, {gib:.0f} GiB, {platform.system()}, "
        f"{platform.python_implementation()} {platform.python_version()}"
    )


def markdown(figures: Sequence[Figure]) -> str:
    """The file of results."""
    head = ("What", "Measured", "Wanted", "", "Detail")
    rows = [head, ("---",) * len(head), *(figure.cells() for figure in figures)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return (
        f"# What `make bench` measured\n\n{table}\n\n"
        f"Machine: {machine()}. Command: `make bench` (`python -m tests.bench`).\n\n"
        f"{_NOISE}\n\n"
        f"Bot (`python -m bot run`, Socket Mode, SQLite) and bare Bolt (`tests/bench/bare.py`: the "
        "same calls in the same depth, no log, no outbox) take turns in front of one fake Slack "
        f"that answers each call after {_ms(LATENCY_SECONDS)}. Each is a process of its own. "
        "Ready is the time from the submit to the answer of the last of the nine set-up calls.\n"
    )


def _ready(what: str, of: tuple[Sequence[Declared], Sequence[Declared]], wanted: float) -> Figure:
    bot, bare = (median(one.ready for one in declares) for declares in of)
    return Figure(what, bot / bare, wanted, detail=f"p50 {_ms(bot)} / {_ms(bare)}")


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 0.0995 else f"{seconds * 1000:.0f} ms"
