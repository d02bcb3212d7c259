"""What was measured, what was wanted, and does it hold?"""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from statistics import quantiles

import psutil

HEAD = ("What", "Measured", "Wanted", "", "Beside", "Detail")


@dataclass(frozen=True)
class Figure:
    """One line of a table; `wanted` is the most it may be, or the least where `is_least`.

    `beside` is the floor or the peer measured in the same run, in words.
    """

    what: str
    measured: float
    wanted: float
    unit: str = ""
    detail: str = ""
    beside: str = ""
    is_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the target is met."""
        return self.measured >= self.wanted if self.is_least else self.measured <= self.wanted

    def cells(self) -> tuple[str, ...]:
        """What stands in the table, below `HEAD`."""
        bound = "at least" if self.is_least else "at most"
        return (
            self.what,
            self._told(self.measured),
            f"{bound} {self._told(self.wanted)}",
            "holds" if self.holds else "MISSED",
            self.beside,
            self.detail,
        )

    def _told(self, number: float) -> str:
        is_count = isinstance(number, int) or self.unit == "MiB" or number >= 1000
        return f"{number:,.{0 if is_count else 2}f} {self.unit}".strip()


def machine() -> str:
    """What it ran on."""
    gib = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} cores, {gib:.0f} GiB, {platform.system()}, "
        f"{platform.python_implementation()} {platform.python_version()}"
    )


def busy() -> str:
    """How much others asked of the machine in the minute before, such as "1.4 of 2 cores"."""
    return f"{os.getloadavg()[0]:.1f} of {os.cpu_count()} cores"


def p99(seconds: list[float]) -> float:
    """99 of 100 took no longer."""
    return quantiles(seconds, n=100)[98]


def ms(seconds: float) -> str:
    """A span in milliseconds, in words."""
    return f"{seconds * 1000:.1f} ms" if seconds < 0.0995 else f"{seconds * 1000:.0f} ms"
