"""Which core does what is measured run on, and which the measuring?"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator

import psutil

_LOOK_SECONDS = 0.5


@contextlib.contextmanager
def apart(*pids: int) -> Iterator[None]:
    """Processes on the quietest core and this one on the others, inside `with`.

    Where a system cannot do that, or has one core, all stay where they are. What is measured is
    those processes, not the garbage collector of whoever measures them: it rests meanwhile.
    """
    gc.collect()
    gc.disable()
    before = _cores()
    try:
        if len(before) > 1:
            shares = psutil.cpu_percent(interval=_LOOK_SECONDS, percpu=True)
            quietest = min(before, key=lambda core: shares[core])
            for pid in pids:
                psutil.Process(pid).cpu_affinity([quietest])
            os.sched_setaffinity(0, before - {quietest})
        yield
    finally:
        gc.enable()
        if len(before) > 1:
            os.sched_setaffinity(0, before)


def seconds(pid: int) -> float:
    """What a process has had of its core so far."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def _cores() -> set[int]:
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
