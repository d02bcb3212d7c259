"""Does a runbook read well as a page, and do editors get the schema that holds?"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.markdown import Markdown

from runbooks import markdown
from runbooks.library import FOLDER, load_library
from runbooks.overlay import Overlay
from runbooks.runbook import Runbook
from runbooks.schema import Which, schema
from tests.runbooks.tables import BOOKS, EVERY, POLICY, book

GOLDEN = Path(__file__).with_name("model-output-causing-harm.md")


def test_the_source_runbook_as_markdown() -> None:
    assert markdown.page(book("model-output-causing-harm"), POLICY) == GOLDEN.read_text()


@pytest.mark.parametrize("id_", EVERY)
def test_a_page_leaves_nothing_out(id_: str) -> None:
    page = markdown.page(book(id_), POLICY)
    said = _sentences(book(id_).model_dump(mode="json"))
    missing = [line for line in said if " ".join(line.split()) not in page]
    assert missing == []


def _sentences(value: Any) -> list[str]:  # noqa: ANN401 (JSON)
    """Everything in it that people read: what has a space in it; a webhook's body is not read."""
    match value:
        case str():
            return [value] if " " in value.strip() and "{{" not in value else []
        case dict():
            read = [one for key, one in value.items() if key != "sla"]  # said in words
            return [line for one in read for line in _sentences(one)]
        case list():
            return [line for one in value for line in _sentences(one)]
    return []


@pytest.mark.parametrize("id_", EVERY)
def test_the_checklist_fits_one_page_of_80_columns(id_: str) -> None:
    console = Console(width=80, highlight=False)
    with console.capture() as captured:
        console.print(Markdown("\n".join(markdown.checklist(book(id_), POLICY))))
    lines = captured.get().splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("id_", EVERY)
def test_a_page_has_no_exclamation_mark(id_: str) -> None:
    assert "!" not in markdown.page(book(id_), POLICY)


def test_text_that_nobody_validated_is_marked_at_its_step() -> None:
    page = markdown.page(book("safety-incident"), POLICY)
    step = page[page.index("## 6. Legal screen") : page.index("## 7. Affected people")]
    assert "> Not authoritative yet: Confirm with counsel which legal clocks" in step
    assert "> 5 review markers are open below: that text is not authoritative yet." in page


def test_a_cleared_marker_says_by_whom_when_and_what_of_it(tmp_path: Path) -> None:
    path = tmp_path / "library" / "safety-incident.yaml"
    path.parent.mkdir()
    path.write_text(
        "review:\n  legal_clocks: {cleared_by: Jun Park, cleared_on: 2026-11-20, note: As is.}\n"
        "steps:\n  6: {links: [{label: Law map, url: 'https://law.example.com'}]}\n"
        "links: [{label: Card, url: 'https://card.example.com'}]\n"
    )
    page = markdown.page(load_library(tmp_path, POLICY).books["safety-incident"].runbook, POLICY)
    assert "Not authoritative yet: Confirm with counsel" not in page
    assert (
        "`legal_clocks` (step 6), cleared by Jun Park on 2026-11-20: Confirm with counsel" in page
    )
    assert "and from which event they run. As is." in page
    assert "- [Law map](https://law.example.com)" in page
    assert "- [Card](https://card.example.com)" in page


@pytest.mark.parametrize("which", ["runbook", "overlay"])
def test_the_committed_schema_is_the_one_that_holds(which: Which) -> None:
    assert (FOLDER / f"{which}.schema.json").read_text() == schema(which)


def test_the_schema_knows_the_five_kinds_of_step_and_every_key() -> None:
    made = json.loads(schema("runbook"))
    kinds = made["properties"]["steps"]["items"]["discriminator"]["mapping"]
    assert sorted(kinds) == ["approval", "file_upload", "form", "manual", "webhook"]
    assert sorted(made["properties"]) == sorted(Runbook.model_fields)
    assert made["additionalProperties"] is False
    assert sorted(json.loads(schema("overlay"))["properties"]) == sorted(Overlay.model_fields)


def test_the_schema_takes_the_slas_that_are_written_and_no_others() -> None:
    made = json.loads(schema("runbook"))
    pattern = made["$defs"]["Manual"]["properties"]["sla"]["pattern"]
    written = {step.sla.text for one in BOOKS.values() for step in one.runbook.steps}
    assert [text for text in sorted(written) if not re.search(pattern, text)] == []
    for wrong in ("1 hour", "PT", "P", "0bd", "same day", "PT15M after", "per day"):
        assert not re.search(pattern, wrong), wrong
