"""Which benchmarks are there, and how are they run?"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tests.bench import results
from tests.bench.figures import HEAD, Figure, busy, machine

RESULTS = Path(__file__).with_name("RESULTS.md")
NAMES = ("acks", "declare", "export", "growth", "sandbox", "storm")


@dataclass(frozen=True)
class Benchmark:
    """A module of this folder with `async def measure(folder: Path) -> list[Figure]`.

    The first line of its docstring is what it asks; its `ABOUT`, where it has one, how it measures.
    """

    name: str
    question: str
    about: str
    measure: Callable[[Path], Awaitable[Sequence[Figure]]]


def benchmarks() -> dict[str, Benchmark]:
    """Those of `NAMES` that are here, by name."""
    found = {}
    for name in NAMES:
        if importlib.util.find_spec(f"tests.bench.{name}") is None:
            continue
        module = importlib.import_module(f"tests.bench.{name}")
        question = (module.__doc__ or "").strip().split("\n")[0]
        found[name] = Benchmark(name, question, getattr(module, "ABOUT", ""), module.measure)
    return found


async def run(benchmark: Benchmark, into: Path) -> bool:
    """Measure, show, and write its section; whether every target is met."""
    before = busy()
    with tempfile.TemporaryDirectory(prefix="warroom-bench-") as folder:
        found = await benchmark.measure(Path(folder))
    table = Table(*HEAD, title=f"{benchmark.name}: {benchmark.question}")
    for figure in found:
        table.add_row(*figure.cells(), style=None if figure.holds else "bold red")
    Console().print(table)
    section = results.Section(
        benchmark.name, benchmark.question, found, machine(), before, benchmark.about
    )
    results.keep(into, section)
    return all(figure.holds for figure in found)


def main(
    names: Annotated[list[str] | None, typer.Argument(help="All, when none is named.")] = None,
) -> None:
    """Run benchmarks one after the other; exit 1 when a target is missed."""
    known = benchmarks()
    unknown = set(names or ()) - known.keys()
    if unknown:
        there = ", ".join(known)
        raise typer.BadParameter(f"no benchmark {', '.join(sorted(unknown))}; there are {there}")
    met = [asyncio.run(run(known[name], RESULTS)) for name in names or known]
    sys.exit(0 if all(met) else 1)


if __name__ == "__main__":
    cli = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    cli.command()(main)
    cli()
