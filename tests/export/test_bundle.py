"""Does a record that is taken along hold everything, for people and for programs?"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from html.parser import HTMLParser

import pytest

from bot import registry
from bot.copies import Copy
from bot.core.record import Column, Part
from bot.export import page, record, tables
from bot.export.bundle import Bundle, bundle
from tests.export.conftest import ERASED, TITLE

PARTS = (
    "timeline",
    "decisions",
    "updates",
    "questions",
    "roles",
    "deadlines",
    "tasks",
    "talk",
    "webhooks",
    "runbooks",
    "runbook-steps",
    "answers",
    "approvals",
    "rules",
    "evidence",
    "custody",
)


def sheet(made: Bundle, name: str) -> list[dict[str, str]]:
    """A part as a spreadsheet reads it."""
    text = made.files[f"{name}.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_part_is_there_for_spreadsheets_for_readers_and_for_programs(made: Bundle) -> None:
    found = record.Record.model_validate_json(made.files["record.json"])
    assert tuple(found.parts) == tuple(sorted(PARTS))
    for name in PARTS:
        rows = found.parts[name].rows
        assert len(sheet(made, name)) == len(rows)
        assert made.files[f"{name}.md"].count(b"\n| ") == (len(rows) + 2 if rows else 0)
        assert f'<section id="{name}"'.encode() in made.files["index.html"]
    assert {name for name in PARTS if found.parts[name].rows} == set(PARTS)


def test_no_part_has_two_columns_of_one_name(made: Bundle) -> None:
    found = record.Record.model_validate_json(made.files["record.json"])
    for name, part in found.parts.items():
        labels = [one.label for one in part.columns]
        doubled = {one for one in labels if labels.count(one) > 1 or one == "By"}
        assert doubled == set(), name
        assert sheet(made, name)[0].keys() == set(labels)


def test_an_approval_tells_what_was_asked_for_and_what_was_approved(made: Bundle) -> None:
    [approval] = sheet(made, "approvals")
    assert approval["Asked for"] == "Roll back; Put block rules in place"
    assert approval["Approved"] == "Roll back"
    assert approval["Asked by"] == approval["Decided by"] == "mara (U0ONCALL)"
    for name in ("approvals.md", "index.html"):
        assert b"Put block rules in place" in made.files[name], name
        assert b"Decided by" in made.files[name], name
    [row] = json.loads(made.files["record.json"])["parts"]["approvals"]["rows"]
    assert row["approved"] == "Roll back"


def test_the_record_says_of_what_it_is_and_up_to_which_fact(made: Bundle) -> None:
    found = json.loads(made.files["record.json"])
    assert found["schema_version"] == "1.0"
    assert found["incident"]["reference"] == "INC-1"
    assert found["incident"]["title"] == TITLE
    assert found["heads"][0] == {"chain": "incident/1", "hash": made.head, "seq": made.seq}
    assert {"id": "U0ONCALL", "name": "mara"} in found["people"]


def test_deadlines_say_which_were_met_and_which_were_missed(made: Bundle) -> None:
    rows = sheet(made, "deadlines")
    updates = [row for row in rows if "pdate" in row["What was owed"]]
    assert {"met", "missed"} <= {row["What came of it"] for row in updates}


def test_the_committed_schema_is_that_of_the_record() -> None:
    assert record.SCHEMA.read_text() == record.schema()


def test_the_same_record_gives_the_same_bytes(
    taken: tuple[Copy, Copy, Bundle], made: Bundle
) -> None:
    again = bundle(taken[1], registry.RECORD_PARTS)
    assert again.files == made.files
    assert again.zipped == made.zipped


def test_the_zip_holds_the_same_files_in_one_folder_and_names_the_manifest(made: Bundle) -> None:
    with zipfile.ZipFile(io.BytesIO(made.zipped)) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
        assert archive.comment.decode() == f"INC-1 manifest sha256 {made.manifest}"
    assert packed == {f"INC-1-record/{name}": content for name, content in made.files.items()}


def test_erased_words_are_in_no_file(made: Bundle) -> None:
    holding = [name for name, content in made.files.items() if ERASED.encode() in content]
    assert holding == []
    notes = [row["What"] for row in sheet(made, "timeline") if row["Kind"] == "note"]
    assert any("[erased]" in one for one in notes)


@pytest.mark.parametrize(
    "typed",
    ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\t=1+1", "\u200b=1", "\uff1d1", "|calc", "\r=1"],
)
def test_a_spreadsheet_runs_nothing_that_was_typed(typed: str) -> None:
    part = Part("x", "X", (Column("said", "Said"),), ((typed,), ("a = b",)))
    text = tables.as_csv(part, {}).removeprefix("\ufeff")
    [first, second] = csv.DictReader(io.StringIO(text, newline=""))
    assert first["Said"].startswith("'")
    assert first["Said"].replace("'", "") == typed
    assert second["Said"] == "a = b"


@pytest.mark.parametrize("between", [";", "; ", "\n", "\r\n", "\t", "\n \u200b"])
def test_a_spreadsheet_that_parts_cells_by_semicolons_runs_nothing_either(between: str) -> None:
    part = Part("x", "X", (Column("said", "Said"),), ((f"Calm{between}=cmd|' /C calc'!A0",),))
    text = tables.as_csv(part, {})
    cells = re.split(r"[;\t\r\n]", text)  # quotes in the middle of a cell are none
    assert not [cell for cell in cells if re.match(r"[\s\u200b\"]*=", cell)]


def test_markdown_shows_what_was_typed_as_it_is() -> None:
    part = Part("x", "X", (Column("said", "Said"),), (("a | b\n<b>[x](http://y)</b> `c`",),))
    last = tables.as_markdown(part, {}, "INC-1").splitlines()[-1]
    assert last == r"| a \| b<br>\<b\>\[x\]\(http://y\)\</b\> \`c\` |"


class Read(HTMLParser):
    """What a browser would find on the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.hidden: list[str] = []
        self.shown: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "br", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        is_hidden = "details" in self.open and self.open[-1] != "summary"
        (self.hidden if is_hidden else self.shown).append(data)


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(made: Bundle) -> None:
    read = Read(made.files["index.html"].decode())
    tags = [tag for tag, _ in read.tags]
    assert not {"script", "link", "img", "iframe", "form", "object", "base"} & set(tags)
    assert "url(" not in page._STYLE
    assert "@import" not in page._STYLE
    led = [attrs["href"] for tag, attrs in read.tags if tag == "a"]
    assert led == [f"#{name}" for name in PARTS]
    assert TITLE in "".join(read.shown)


def test_the_page_can_be_read_by_a_screen_reader_and_on_a_phone(made: Bundle) -> None:
    read = Read(made.files["index.html"].decode())
    tags = [tag for tag, _ in read.tags]
    assert read.open == []
    assert tags.count("h1") == 1
    assert tags.count("h2") == tags.count("table") == tags.count("caption") == len(PARTS)
    assert all(attrs.get("scope") == "col" for tag, attrs in read.tags if tag == "th")
    assert all(attrs.get("data-label") for tag, attrs in read.tags if tag == "td")
    assert ("html", {"lang": "en"}) in read.tags
    assert any(attrs.get("name") == "viewport" for _, attrs in read.tags)


def test_words_that_may_quote_the_model_are_behind_a_warning(made: Bundle) -> None:
    read = Read(made.files["index.html"].decode())
    for said in ("seen: A quagga", "noted: We catch the quagga"):
        assert any(said in text for text in read.hidden)
        assert not any(said in text for text in read.shown)
    assert any("Two quagga now" in text for text in read.shown)
    assert sum("may be harmful. Show" in text for text in read.shown) > 2


def test_no_file_says_when_or_by_whom_it_was_exported(made: Bundle) -> None:
    said = b"".join(content for name, content in made.files.items() if name != "verify.py")
    assert not re.search(rb"exported_(at|by)", said)
