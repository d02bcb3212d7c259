"""How are the figures kept, one section for each benchmark?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import HEAD, Figure

_HEAD = """# What `make bench` measured

Machines are noisy: compare figures of one section with each other, never with those of another run
or machine. A section is written whenever its benchmark ran.
"""
_SECTION = "\n## "


@dataclass(frozen=True)
class Section:
    """What one benchmark found, and how; `about` may be empty."""

    name: str
    question: str
    figures: Sequence[Figure]
    machine: str
    busy: str
    about: str

    def markdown(self) -> str:
        """The section, from its heading on."""
        rows = [HEAD, ("---",) * len(HEAD), *(figure.cells() for figure in self.figures)]
        table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
        how = (
            f"Machine: {self.machine}; busy before: {self.busy}. "
            f"Command: `python -m tests.bench {self.name}`."
        )
        parts = [f"{self.name}\n\n{self.question}", table, how, self.about]
        return _SECTION + "\n\n".join(part for part in parts if part) + "\n"


def keep(path: Path, section: Section) -> None:
    """Write a section in the place of the one before it; the others stay as they are.

    Raises:
        OSError: the file cannot be written.
    """
    sections = {section.name: section.markdown()}
    if path.exists():
        _, *others = path.read_text(encoding="utf-8").split(_SECTION)
        sections = {other.split("\n")[0]: _SECTION + other for other in others} | sections
    whole = _HEAD + "".join(sections[name] for name in sorted(sections))
    path.write_text(whole, encoding="utf-8")
