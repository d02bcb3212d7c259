"""What does `warroom runbook` say?"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from runbooks.library import FOLDER
from runbooks.runbook import Runbook
from runbooks.schema import schema
from tests.cli.terminal import Terminal

HARM = "model-output-causing-harm"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A folder laid over the shipped one, empty so far."""
    folder = tmp_path / "mine"
    (folder / "library").mkdir(parents=True)
    return folder


async def test_the_list_shows_id_version_severity_minutes_and_review(terminal: Terminal) -> None:
    done = await terminal.run("runbook", "list")
    assert done.code == 0
    row = next(line for line in done.out.splitlines() if HARM in line)
    assert re.findall(r"[\w.-]+", row) == [HARM, "0.1.0", "SEV1", "120", "2026-05-09"]
    assert "5 open markers" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


async def test_show_prints_a_runbook_in_80_columns_and_names_its_pin(terminal: Terminal) -> None:
    done = await terminal.run("runbook", "show", HARM)
    assert done.code == 0
    page, pin = done.out.rstrip("\n").rsplit("\n", 1)
    assert "Can an ordinary prompt reproduce it?" in page
    assert "Not authoritative yet" in page
    assert max(map(len, page.splitlines())) <= 80
    assert re.fullmatch(rf"Pinned as {HARM} 0\.1\.0, SHA-256 [0-9a-f]{{64}}", pin)


async def test_a_runbook_is_found_by_how_it_begins_and_not_if_two_do(terminal: Terminal) -> None:
    assert (await terminal.run("runbook", "export", "bias")).out.startswith("# Bias spike\n")
    told = await terminal.refused("runbook", "show", "d")
    assert told == "2 runbooks begin with d. Use one of data-leakage, drift-hallucination-spike."


async def test_what_is_exported_is_markdown_or_the_model(terminal: Terminal) -> None:
    page = await terminal.run("runbook", "export", HARM, "--markdown")
    golden = Path(__file__).parent.parent / "runbooks" / f"{HARM}.md"
    assert page.out == golden.read_text()
    model = await terminal.run("runbook", "export", HARM, "--json")
    assert Runbook.model_validate_json(model.out).id == HARM


async def test_the_schema_is_that_of_the_committed_file(terminal: Terminal) -> None:
    done = await terminal.run("runbook", "schema")
    assert done.out == (FOLDER / "runbook.schema.json").read_text()
    assert json.loads((await terminal.run("runbook", "schema", "--overlay")).out) == json.loads(
        schema("overlay")
    )


async def test_lint_says_that_all_can_be_used(terminal: Terminal) -> None:
    done = await terminal.run("runbook", "lint")
    assert (done.code, done.out.splitlines()[-1]) == (0, "All 8 runbooks can be used.")


async def test_lint_tells_a_fault_with_its_line_and_exits_with_1(
    terminal: Terminal, mine: Path
) -> None:
    path = mine / "library" / f"{HARM}.yaml"
    path.write_text("steps:\n  2: {sla: soon}\n")
    done = await terminal.run("runbook", "lint", str(mine))
    assert done.code == 1
    assert done.out.startswith(f"{path}, line 2: steps.2.sla: 'soon' is no time span; write PT15M")
    listed = await terminal.but(WARROOM_CONTENT=str(mine)).run("runbook", "list")
    assert (listed.code, listed.out) == (1, done.out)


async def test_an_overdue_review_is_told_wherever_the_runbook_is_shown(
    terminal: Terminal, mine: Path
) -> None:
    (mine / "library" / f"{HARM}.yaml").write_text("last_reviewed: 2020-01-01\n")
    at_mine = terminal.but(WARROOM_CONTENT=str(mine))
    assert re.search(r"\d+ days overdue", (await at_mine.run("runbook", "list")).out)
    shown = (await at_mine.run("runbook", "show", HARM)).out
    assert re.match(r"Its review is overdue: 2020-01-01, \d+ days overdue", shown)
    linted = await at_mine.run("runbook", "lint")
    assert linted.code == 0
    assert linted.out.startswith(f"{HARM}: its review is overdue. Read it, and set last_reviewed.")


async def test_a_folder_that_is_not_there_is_told(terminal: Terminal, mine: Path) -> None:
    done = await terminal.run("runbook", "lint", str(mine / "gone"))
    assert done.code == 1
    assert done.out == f"{mine / 'gone'} is not a folder. Name the one that holds library/.\n"


async def test_a_marker_is_cleared_in_ones_own_folder_and_shown_as_cleared(
    terminal: Terminal, mine: Path
) -> None:
    before = (FOLDER / f"{HARM}.yaml").read_bytes()
    at_mine = terminal.but(WARROOM_CONTENT=str(mine))
    clear = ("runbook", "clear-review", HARM, "escalation_titles", "--by", "Mara Voss")
    done = await at_mine.run(*clear, "--note", "Titles are ours")
    path = mine / "library" / f"{HARM}.yaml"
    assert done.out == f"escalation_titles of {HARM} is cleared by Mara Voss, in {path}.\n"
    assert (FOLDER / f"{HARM}.yaml").read_bytes() == before
    page = (await at_mine.run("runbook", "export", HARM)).out
    assert re.search(r"cleared by Mara Voss on 20\d\d-\d\d-\d\d: .* Titles are ours\n", page)
    again = await at_mine.refused(*clear, "--note", "Once more")
    assert again.startswith("escalation_titles was cleared by Mara Voss on 20")
    assert [one.name for one in path.parent.iterdir()] == [path.name]


async def test_what_cannot_be_cleared_is_told_and_nothing_is_written(
    terminal: Terminal, mine: Path
) -> None:
    at_mine = terminal.but(WARROOM_CONTENT=str(mine))
    words = ("--by", "Mara Voss", "--note", "Seen")
    clear = ("runbook", "clear-review", HARM)
    told = await terminal.refused(*clear, "sla_numbers", *words)
    assert told.startswith("Set WARROOM_CONTENT to a folder of yours")
    told = await at_mine.refused(*clear, "moon", *words)
    assert told.startswith(f"{HARM} has no marker moon. Use one of escalation_titles")
    told = await at_mine.refused(*clear, "sla_numbers", "--by", " ", "--note", "Seen")
    assert told.startswith("Give --by and --note 2 to 300 characters each")
    path = mine / "library" / f"{HARM}.yaml"
    path.write_text("review: {}\n")
    told = await at_mine.refused(*clear, "sla_numbers", *words)
    assert told.startswith(f"{path}: review is empty or in braces.")
    assert path.read_text() == "review: {}\n"
