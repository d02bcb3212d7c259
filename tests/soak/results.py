"""How is what a soak found written down? Each part has a section, which its next run replaces."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock

RESULTS = Path(__file__).with_name("RESULTS.md")
_HEAD = """# What `make soak` found

Each section is written by the part of that name when it has run to its end, and holds nothing but
what that run counted. Every incident is judged by `judge.py`, from Slack's journal and channels and
from the log. Lost, doubled, out of order, half made: all four are wanted to be 0. `faults` are
tracebacks of a bot's own."""


def machine() -> str:
    """What it ran on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = platform.python_version()
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, CPython {python}"


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def write(part: str, command: str, body: str) -> None:
    """Replace the section of this part."""
    with FileLock(f"{RESULTS}.lock"):
        told = RESULTS.read_text() if RESULTS.exists() else ""
        sections = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", told, re.M))
        sections[part] = f"\nCommand: `{command}`. Machine: {machine()}.\n\n{body}\n\n"
        parts = [f"## {name}\n{sections[name].rstrip()}\n" for name in sorted(sections)]
        RESULTS.write_text("\n".join([f"{_HEAD}\n", *parts]))
    Path(f"{RESULTS}.lock").unlink(missing_ok=True)
