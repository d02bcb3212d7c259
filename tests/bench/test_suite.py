"""Does the suite find its benchmarks, and keep what each one found?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.__main__ import Benchmark, benchmarks, run
from tests.bench.figures import Figure
from tests.bench.results import Section, keep
from tests.processes import start

MET = Figure("Half a second", 0.4, 0.5, "s", "worst 0.6 s", "the floor: 0.3 s")
MISSED = Figure("Acks a second", 599.0, 600.0, is_least=True)


def section(name: str, *figures: Figure) -> Section:
    return Section(name, "How fast is it?", figures, "2 cores", "0.5 of 2 cores", "")


def test_the_suite_has_its_benchmarks() -> None:
    assert {"acks", "declare", "sandbox", "storm"} <= set(benchmarks())


@pytest.mark.parametrize("name", benchmarks())
def test_a_benchmark_says_what_it_asks(name: str) -> None:
    assert benchmarks()[name].question.endswith("?")


@pytest.mark.parametrize(
    ("figure", "holds"),
    [
        (Figure("", 0.5, 0.5), True),
        (Figure("", 0.51, 0.5), False),
        (Figure("", 600.0, 600.0, is_least=True), True),
        (MISSED, False),
    ],
)
def test_a_figure_holds_up_to_its_bound(figure: Figure, holds: bool) -> None:
    assert figure.holds == holds


def test_a_section_has_each_figure_beside_its_peer_the_machine_and_the_command(
    tmp_path: Path,
) -> None:
    keep(tmp_path / "RESULTS.md", section("first", MET, MISSED))
    written = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert written.partition("\n## ")[2] == (
        "first\n\n"
        "How fast is it?\n\n"
        "| What | Measured | Wanted |  | Beside | Detail |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| Half a second | 0.40 s | at most 0.50 s | holds | the floor: 0.3 s | worst 0.6 s |\n"
        "| Acks a second | 599.00 | at least 600.00 | MISSED |  |  |\n\n"
        "Machine: 2 cores; busy before: 0.5 of 2 cores. "
        "Command: `python -m tests.bench first`.\n"
    )


def test_a_benchmark_that_runs_again_replaces_its_own_section_only(tmp_path: Path) -> None:
    results = tmp_path / "RESULTS.md"
    keep(results, section("second", MET))
    keep(results, section("first", MET))
    before = results.read_text(encoding="utf-8")
    keep(results, section("second", MISSED))
    after = results.read_text(encoding="utf-8")
    kept, is_new = before.split("\n## second"), after.split("\n## second")
    assert after.count("\n## ") == 2
    assert is_new[0] == kept[0]
    assert "MISSED" in is_new[1]
    assert "MISSED" not in kept[1]


@pytest.mark.parametrize(("figure", "met"), [(MET, True), (MISSED, False)])
async def test_a_run_says_whether_every_target_was_met(
    tmp_path: Path, figure: Figure, met: bool
) -> None:
    async def measure(folder: Path) -> list[Figure]:
        assert folder.is_dir()
        return [figure]

    benchmark = Benchmark("first", "How fast is it?", "", measure)
    assert await run(benchmark, tmp_path / "RESULTS.md") == met


async def test_a_name_nobody_knows_is_refused_with_those_there_are(tmp_path: Path) -> None:
    log = tmp_path / "log"
    bench = await start(["-m", "tests.bench", "speed"], log, {})
    assert await bench.child.wait() == 2
    told = " ".join(log.read_text(encoding="utf-8").replace("│", " ").split())
    assert "no benchmark speed; there are" in told
