"""Does the verifier find whatever was changed in an export, with Python alone?"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.export import verify
from bot.export.bundle import VERIFIER, Bundle

Rows = list[dict[str, Any]]
SMALL_BYTES = 400
SAMPLES = 48


def faults(place: Path, expected: str | None = None) -> list[str]:
    """What the verifier says."""
    return verify.faults(verify.Place(place), expected)


def positions(size: int) -> list[int]:
    """Every byte of a small file, and bytes all over a large one."""
    if size <= SMALL_BYTES:
        return [*range(size)]
    return sorted({0, size - 1, *(size * step // SAMPLES for step in range(SAMPLES))})


def sealed_anew(folder: Path) -> None:
    """What somebody does who knows how manifests are made: every hash in it fits again."""
    place = folder / "manifest.json"
    manifest = json.loads(place.read_text())
    for name, said in manifest["files"].items():
        content = (folder / name).read_bytes()
        said.update(bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    place.write_text(json.dumps(manifest))


def test_an_export_as_it_was_written_is_whole(folder: Path, made: Bundle) -> None:
    assert faults(folder) == []
    assert faults(folder, made.manifest) == []


def test_it_runs_by_itself_and_answers_by_its_exit_code(folder: Path, made: Bundle) -> None:
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), "--sha256", made.manifest]
    whole = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (whole.returncode, whole.stderr) == (0, "")
    assert f"SHA-256 of the manifest: {made.manifest}" in whole.stdout
    (folder / "tasks.csv").write_bytes(b"")
    broken = subprocess.run(command, capture_output=True, text=True, check=False)
    assert broken.returncode == 1
    assert broken.stdout.startswith("Broken: tasks.csv was changed.\n")


def test_it_is_written_for_python_3_8_and_needs_nothing_else() -> None:
    tree = ast.parse(VERIFIER.read_text(), feature_version=(3, 8))
    named = {
        one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names
    }
    named |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in named} <= sys.stdlib_module_names


NAMES = (
    "facts.jsonl", "index.html", "manifest.json", "record.json", "record.schema.json", "verify.py",
    *(
        f"{part}.{kind}"
        for part in (
            "timeline", "decisions", "updates", "questions", "roles", "deadlines", "tasks", "talk",
            "webhooks", "runbooks", "runbook-steps", "answers", "approvals", "rules",
            "evidence", "custody",
        )
        for kind in ("csv", "md")
    ),
)  # fmt: skip


def test_every_file_is_tried(made: Bundle) -> None:
    assert set(NAMES) == set(made.files)


@pytest.mark.parametrize("name", NAMES)
def test_one_changed_byte_in_any_file_is_found(folder: Path, made: Bundle, name: str) -> None:
    place, content = folder / name, made.files[name]
    unfound = []
    for at in positions(len(content)):
        changed = bytearray(content)
        changed[at] ^= 1
        place.write_bytes(changed)
        if not faults(folder, made.manifest):
            unfound.append(at)
    assert unfound == []


@pytest.mark.parametrize("at", range(0, 100, 3))
def test_one_changed_byte_anywhere_in_the_zip_is_found(
    made: Bundle, tmp_path: Path, at: int
) -> None:
    place, changed = tmp_path / "record.zip", bytearray(made.zipped)
    changed[len(changed) * at // 100] ^= 1
    place.write_bytes(changed)
    command = [sys.executable, str(VERIFIER), str(place), "--sha256", made.archive]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (1, "")


def test_a_whole_zip_is_whole_by_either_hash(made: Bundle, tmp_path: Path) -> None:
    place = tmp_path / "record.zip"
    place.write_bytes(made.zipped)
    assert faults(place, made.archive) == []
    assert faults(place, made.manifest.upper()) == []
    assert faults(place, "0" * 64) != []


@pytest.mark.parametrize("name", [name for name in NAMES if name != "manifest.json"])
def test_a_missing_file_is_found(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert f"{name} is missing." in faults(folder)


def test_a_missing_manifest_is_found(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    assert faults(folder) == ["manifest.json is missing."]


@pytest.mark.parametrize("name", ["more.txt", "deep/more.txt", ".hidden"])
def test_an_added_file_is_found(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("")
    assert faults(folder) == [f"{name} was added."]


def test_an_added_folder_and_a_link_are_found(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "tasks.csv").rename(folder.parent / "tasks.csv")
    (folder / "tasks.csv").symlink_to(folder.parent / "tasks.csv")
    assert len(faults(folder)) == 3


def test_a_zip_with_a_file_twice_or_elsewhere_is_found(made: Bundle, tmp_path: Path) -> None:
    packed = io.BytesIO(made.zipped)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("elsewhere.txt", "")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("INC-1-record/tasks.csv", "")
    place = tmp_path / "record.zip"
    place.write_bytes(packed.getvalue())
    assert len(faults(place)) >= 2


def test_a_manifest_made_anew_shows_by_the_hash_that_was_told(folder: Path, made: Bundle) -> None:
    place = folder / "tasks.csv"
    place.write_text(place.read_text().replace("quagga", "zebra"))
    sealed_anew(folder)
    assert faults(folder) == []  # nothing in the folder itself can tell
    [told] = faults(folder, made.manifest)
    assert "not the given one" in told


def last_word(rows: Rows) -> dict[str, Any]:
    """The last words that are kept."""
    return next(words for row in reversed(rows) for words in row["words"].values() if words)


def changed_words(rows: Rows) -> None:
    last_word(rows)["text"] = "Something else"


def words_gone(rows: Rows) -> None:
    row = next(row for row in rows if any(row["words"].values()))
    row["words"] = dict.fromkeys(row["words"])


def changed_actor(rows: Rows) -> None:
    rows[2]["actor"] = "U0SAFETY"


def changed_payload(rows: Rows) -> None:
    rows[0]["payload"] = rows[0]["payload"].replace('"rank":1', '"rank":3')


def fact_gone(rows: Rows) -> None:
    del rows[3]


def facts_swapped(rows: Rows) -> None:
    rows[3], rows[4] = rows[4], rows[3]


def tail_cut(rows: Rows) -> None:
    main = [row for row in rows if row["chain"] == "incident/1"]
    rows.remove(main[-1])


def chain_gone(rows: Rows) -> None:
    rows[:] = [row for row in rows if row["chain"] == "incident/1"]


def words_begun_in_the_salt(rows: Rows) -> None:
    kept = last_word(rows)
    kept["salt"] += kept["text"][:3].encode().hex()
    kept["text"] = kept["text"][3:]


def words_added(rows: Rows) -> None:
    rows[0]["words"]["f" * 64] = {"salt": "00", "text": "More"}


@pytest.mark.parametrize(
    "change",
    [
        changed_words, words_gone, changed_actor, changed_payload, fact_gone, facts_swapped,
        tail_cut, chain_gone, words_begun_in_the_salt, words_added,
    ],
)  # fmt: skip
def test_the_chain_shows_a_change_although_all_hashes_of_files_fit(
    folder: Path, change: Callable[[Rows], None]
) -> None:
    place = folder / "facts.jsonl"
    rows = [json.loads(line) for line in place.read_text().splitlines()]
    change(rows)
    place.write_text("".join(json.dumps(row) + "\n" for row in rows))
    sealed_anew(folder)
    [told] = faults(folder)
    assert told.startswith(("incident/1", "talk/1"))


def test_erased_words_leave_the_chain_whole_because_the_erasure_is_in_it(folder: Path) -> None:
    rows = [json.loads(line) for line in (folder / "facts.jsonl").read_text().splitlines()]
    erased = [row["kind"] for row in rows if None in row["words"].values()]
    assert erased == ["NoteAdded"]
    assert "WordsErased" in {row["kind"] for row in rows}
    assert faults(folder) == []
